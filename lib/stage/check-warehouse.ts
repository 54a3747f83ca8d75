import { holds, oneOf, within } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

/** MSK Connect has 2.7.1 too, on a Java that is too old for the connector. */
const CONNECT_VERSIONS = ['3.7.x'];

/** Connect units of a worker, each 1 vCPU and 4 GiB: https://docs.aws.amazon.com/MSKC/latest/mskc/API_AutoScaling.html */
const UNITS = [1, 2, 4, 8];
const MOST_WORKERS = 10;

export function checkConnect({ warehouse }: Pick<StageSettings, 'warehouse'>): readonly Problem[] {
  const { connectVersion, capacity, flushSeconds } = warehouse;
  return [
    ...oneOf(
      'warehouse.connectVersion',
      connectVersion,
      CONNECT_VERSIONS,
      'the connector needs Java 17, which the others of MSK Connect do not have',
    ),
    ...oneOf('warehouse.capacity.mcu', capacity.mcu, UNITS),
    ...within('warehouse.capacity.minimumWorkers', capacity.minimumWorkers, [1, MOST_WORKERS]),
    ...within(
      'warehouse.capacity.maximumWorkers',
      capacity.maximumWorkers,
      [Math.max(1, capacity.minimumWorkers), MOST_WORKERS],
      'not below the minimum',
    ),
    ...within(
      'warehouse.flushSeconds',
      flushSeconds,
      [1, 600],
      'the connector sends at least every ten minutes',
    ),
  ];
}

/** As many as fit into the name of a secret's version. */
const MOST_GENERATIONS = 1_000_000;

export function checkKeys({ warehouse }: Pick<StageSettings, 'warehouse'>): readonly Problem[] {
  return Object.entries(warehouse.keyGenerations).flatMap(([user, generation]) =>
    within(
      `warehouse.keyGenerations.${user}`,
      generation,
      [1, MOST_GENERATIONS],
      'the first key is 1, and one more makes a new one',
    ),
  );
}

export function checkTasks({
  stream,
  warehouse,
}: Pick<StageSettings, 'stream' | 'warehouse'>): readonly Problem[] {
  const { tasks, capacity } = warehouse;
  return [
    ...within(
      'warehouse.tasks',
      tasks,
      [1, stream.partitions],
      `a task reads whole partitions, and there are ${stream.partitions}`,
    ),
    ...holds(
      capacity.maximumWorkers <= tasks,
      'warehouse.capacity.maximumWorkers',
      `at most the ${tasks} tasks`,
      capacity.maximumWorkers,
      'a worker without a task costs and does nothing',
    ),
  ];
}

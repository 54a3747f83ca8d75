import { holds, within } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

const DAY_SECONDS = 86_400;

/** Lambda's own window, and the only one below a second: https://docs.aws.amazon.com/lambda/latest/dg/msk-esm-parameters.html */
const DEFAULT_WINDOW_MS = 500;

/** Of a function that MSK calls. */
const MOST_TIMEOUT_SECONDS = 14 * 60;

/** The consumer keeps 8 s for what the store refused and 4 s for its answer. */
const LEAST_TIMEOUT_SECONDS = 20;

export function checkMetricsStore({ metrics }: Pick<StageSettings, 'metrics'>): readonly Problem[] {
  return [
    ...within(
      'metrics.retentionDays',
      metrics.retentionDays,
      [1, 1095],
      'Amazon Managed Prometheus keeps three years at most',
    ),
    ...within(
      'metrics.outOfOrderWindowSeconds',
      metrics.outOfOrderWindowSeconds,
      [0, 600],
      'Amazon Managed Prometheus allows ten minutes at most',
    ),
  ];
}

export function checkConsumer({ metrics }: Pick<StageSettings, 'metrics'>): readonly Problem[] {
  const { memoryMiB, timeoutSeconds, batchSize, windowMilliseconds } = metrics.consumer;
  return [
    ...within('metrics.consumer.memoryMiB', memoryMiB, [128, 10_240]),
    ...within(
      'metrics.consumer.timeoutSeconds',
      timeoutSeconds,
      [LEAST_TIMEOUT_SECONDS, MOST_TIMEOUT_SECONDS],
      'MSK calls no function with more, and with less there is no time left to keep aside what was refused',
    ),
    ...within('metrics.consumer.batchSize', batchSize, [1, 10_000]),
    ...holds(
      windowMilliseconds === DEFAULT_WINDOW_MS ||
        (windowMilliseconds % 1000 === 0 && windowMilliseconds >= 1000 && windowMilliseconds <= 300_000),
      'metrics.consumer.windowMilliseconds',
      `${DEFAULT_WINDOW_MS}, or whole seconds from 1000 to 300000`,
      windowMilliseconds,
    ),
    ...holds(
      windowMilliseconds < timeoutSeconds * 1000,
      'metrics.consumer.windowMilliseconds',
      `less than the function's timeout of ${timeoutSeconds} s`,
      windowMilliseconds,
      'a candle should not wait longer for its batch than for its work',
    ),
  ];
}

export function checkPollers({
  stream,
  metrics,
}: Pick<StageSettings, 'stream' | 'metrics'>): readonly Problem[] {
  const { pollers, reservedConcurrency } = metrics.consumer;
  return [
    ...within(
      'metrics.consumer.reservedConcurrency',
      reservedConcurrency,
      [stream.partitions, 1000],
      `each of the ${stream.partitions} partitions has one call at a time, and a call that is refused holds its partition up`,
    ),
    ...(pollers === undefined
      ? []
      : [
          ...within('metrics.consumer.pollers.minimum', pollers.minimum, [1, 200]),
          ...within(
            'metrics.consumer.pollers.maximum',
            pollers.maximum,
            [Math.max(1, pollers.minimum), Math.max(1, pollers.minimum, Math.min(2000, stream.partitions))],
            'not below the minimum, and one for each partition is the most that has something to do',
          ),
        ]),
  ];
}

export function checkRetry({
  stream,
  metrics,
}: Pick<StageSettings, 'stream' | 'metrics'>): readonly Problem[] {
  const { retry, pollers, timeoutSeconds } = metrics.consumer;
  if (retry === undefined) return [];
  return [
    ...holds(
      pollers !== undefined,
      'metrics.consumer.retry',
      'none without metrics.consumer.pollers',
      retry,
      'Lambda retries by these settings in provisioned mode only: set pollers, or take retry out',
    ),
    ...within('metrics.consumer.retry.attempts', retry.attempts, [0, 10_000]),
    ...within('metrics.consumer.retry.maxAgeSeconds', retry.maxAgeSeconds, [60, 604_800]),
    ...holds(
      retry.maxAgeSeconds > timeoutSeconds,
      'metrics.consumer.retry.maxAgeSeconds',
      `more than the function's timeout of ${timeoutSeconds} s`,
      retry.maxAgeSeconds,
      'otherwise a record is given up before its second try',
    ),
    ...holds(
      retry.maxAgeSeconds <= stream.retentionDays * DAY_SECONDS,
      'metrics.consumer.retry.maxAgeSeconds',
      `at most the ${stream.retentionDays * DAY_SECONDS} s that the stream keeps`,
      retry.maxAgeSeconds,
    ),
  ];
}

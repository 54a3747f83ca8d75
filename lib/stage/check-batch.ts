import { oneOf, within } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

/**
 * Of those that MWAA offers, the ones with the SDK that the DAGs import (Airflow 3).
 * https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html
 */
const AIRFLOW_VERSIONS = ['3.0.6', '3.2.1', '3.3.1'];

type Range = readonly [least: number, most: number];

/** https://docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html */
const CLASSES: Readonly<Record<string, 'fixed' | 'scaling'>> = {
  /** One container for scheduler and worker, one for the web server. */
  'mw1.micro': 'fixed',
  'mw1.small': 'scaling',
  'mw1.medium': 'scaling',
  'mw1.large': 'scaling',
  'mw1.xlarge': 'scaling',
  'mw1.2xlarge': 'scaling',
};

const LIMITS = {
  fixed: { workers: [1, 1], schedulers: [1, 1], webServers: [1, 1] },
  scaling: { workers: [1, 25], schedulers: [2, 5], webServers: [2, 5] },
} as const;

export function checkBatch({ batch }: Pick<StageSettings, 'batch'>): readonly Problem[] {
  const { airflowVersion, environmentClass, minimumWorkers, maximumWorkers, schedulers, webServers } = batch;
  const kind = Object.hasOwn(CLASSES, environmentClass) ? CLASSES[environmentClass] : undefined;
  const limits = kind && LIMITS[kind];
  return [
    ...oneOf(
      'batch.airflowVersion',
      airflowVersion,
      AIRFLOW_VERSIONS,
      'these are offered by MWAA and have what the DAGs import',
    ),
    ...(limits === undefined
      ? oneOf('batch.environmentClass', environmentClass, Object.keys(CLASSES))
      : [
          ...ordered(
            'batch.minimumWorkers',
            minimumWorkers,
            'batch.maximumWorkers',
            maximumWorkers,
            limits.workers,
            environmentClass,
          ),
          ...within('batch.schedulers', schedulers, limits.schedulers, limitOf(environmentClass)),
          ...ordered(
            'batch.webServers.minimum',
            webServers.minimum,
            'batch.webServers.maximum',
            webServers.maximum,
            limits.webServers,
            environmentClass,
          ),
        ]),
  ];
}

function ordered(
  leastField: string,
  least: number,
  mostField: string,
  most: number,
  range: Range,
  environmentClass: string,
): readonly Problem[] {
  const inRange = within(leastField, least, range, limitOf(environmentClass));
  const from = inRange.length === 0 ? least : range[0];
  return [...inRange, ...within(mostField, most, [from, range[1]], limitOf(environmentClass))];
}

const limitOf = (environmentClass: string) =>
  environmentClass === 'mw1.micro'
    ? 'mw1.micro does not scale: take mw1.small for more'
    : `the limits of ${environmentClass}; a maximum is not below its minimum`;

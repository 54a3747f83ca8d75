import { CONSUMER_METRICS, EXPORTER_METRICS } from '#domain/metrics.ts';
import type { Series } from './answers.ts';

/** A metric's sum over its series, with the parts that one label tells apart, greatest first. */
export interface Reading {
  readonly total: number;
  readonly by: readonly { readonly label: string; readonly value: number }[];
}

/** The pipeline's own numbers. One that Prometheus does not hold now is undefined, which is not 0. */
export interface PipelineNumbers extends Readonly<Record<PipelineMetric, Reading | undefined>> {
  readonly consumerLag: Reading | undefined;
  /** Candles that the consumer could not store: too old, or in the future. */
  readonly dropped: Reading | undefined;
  /** Samples that the store did not take. */
  readonly refused: Reading | undefined;
  /** Scrape jobs that Prometheus can't reach. */
  readonly downJobs: readonly string[];
}

type PipelineMetric = Exclude<keyof typeof EXPORTER_METRICS, 'lastCandleAge'>;

export function toPipelineNumbers(series: readonly Series[]): PipelineNumbers {
  const exporter = Object.fromEntries(
    Object.entries(EXPORTER_METRICS).map(([key, { name, labels }]) => [key, read(series, name, labels[0])]),
  ) as Record<keyof typeof EXPORTER_METRICS, Reading | undefined>; // the same keys, mapped
  const consumer = (key: keyof typeof CONSUMER_METRICS) =>
    read(series, CONSUMER_METRICS[key].name, CONSUMER_METRICS[key].labels[0]);
  const lag = consumer('lag');
  const isHeard = jobsAt(series, 1).includes('consumer');
  // A counter with a label has no series before its first count: 0, as long as the process is heard at all.
  const counted = (key: 'dropped' | 'refused') =>
    consumer(key) ?? (isHeard ? { total: 0, by: [] } : undefined);
  return {
    ...exporter,
    consumerLag: lag,
    dropped: counted('dropped'),
    refused: counted('refused'),
    downJobs: jobsAt(series, 0),
  };
}

/** Scrape jobs that Prometheus reaches (1) or does not (0). */
function jobsAt(series: readonly Series[], up: 0 | 1): readonly string[] {
  return series
    .filter(({ labels, samples }) => labels['__name__'] === 'up' && Number(samples.at(-1)?.[1]) === up)
    .map(({ labels }) => labels['job'] ?? 'unknown');
}

function read(series: readonly Series[], metric: string, label: string | undefined): Reading | undefined {
  const found = series
    .filter(({ labels }) => labels['__name__'] === metric)
    .map(({ labels, samples }) => ({
      label: label === undefined ? '' : (labels[label] ?? ''),
      value: Number(samples.at(-1)?.[1]),
    }))
    .filter(({ value }) => Number.isFinite(value));
  if (found.length === 0) return undefined;
  return {
    total: found.reduce((total, { value }) => total + value, 0),
    by:
      label === undefined
        ? []
        : found.filter(({ value }) => value !== 0).toSorted((a, b) => b.value - a.value),
  };
}

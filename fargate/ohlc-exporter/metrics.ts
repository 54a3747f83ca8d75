import { Counter, Gauge, Registry } from 'prom-client';
import { REJECT_REASONS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { KafkaReadings } from './kafka-readings.ts';
import { RECONNECT_REASONS } from './stream-connection.ts';
import { ROTATION_REASONS } from './stream-slot.ts';

/** The exporter's own numbers, on a registry of its own. */
export type ExporterMetrics = ReturnType<typeof createMetrics>;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Values that are read when somebody scrapes, rather than kept up to date. */
export interface Readings {
  readonly frames: () => number;
  readonly published: () => Readonly<Record<'websocket' | 'rest', number>>;
  readonly connections: () => number;
  readonly publishQueue: () => number;
  readonly intakePaused: () => boolean;
  readonly clockOffsetSeconds: () => number;
  readonly restWeight: () => number;
  readonly missingMinutes: () => { readonly pending: number; readonly exchange: number };
  readonly lastCandleAges: () => Iterable<readonly [symbol: string, seconds: number]>;
  readonly kafka: () => KafkaReadings;
}

export function createMetrics() {
  const registry = new Registry();
  /** Every label value starts at 0: a counter that appears with its first event hides it from `increase()`. */
  const counter = (metric: Metric, labelValues: readonly string[] = []) => {
    const { name, help, labels } = metric;
    const created = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
    for (const value of labelValues) for (const label of labels) created.inc({ [label]: value }, 0);
    return created;
  };
  return {
    registry,
    rotations: counter(EXPORTER_METRICS.rotations, ROTATION_REASONS),
    reconnects: counter(EXPORTER_METRICS.reconnects, RECONNECT_REASONS),
    duplicates: counter(EXPORTER_METRICS.duplicates),
    corrections: counter(EXPORTER_METRICS.corrections),
    rejected: counter(EXPORTER_METRICS.rejected, REJECT_REASONS),
    deadLettersLost: counter(EXPORTER_METRICS.deadLettersLost),
    holesFound: counter(EXPORTER_METRICS.holesFound),
    holesFilled: counter(EXPORTER_METRICS.holesFilled),
    holesLeft: counter(EXPORTER_METRICS.holesLeft),
    publishBatches: counter(EXPORTER_METRICS.publishBatches),
    publishFailures: counter(EXPORTER_METRICS.publishFailures),
    restRequests: counter(EXPORTER_METRICS.restRequests, ['ok', 'refused', 'unavailable']),
  };
}

export function registerReadings(registry: Registry, readings: Readings): void {
  gauge(registry, EXPORTER_METRICS.connections, (set) => set(readings.connections()));
  gauge(registry, EXPORTER_METRICS.publishQueue, (set) => set(readings.publishQueue()));
  gauge(registry, EXPORTER_METRICS.intakePaused, (set) => set(readings.intakePaused() ? 1 : 0));
  gauge(registry, EXPORTER_METRICS.clockOffset, (set) => set(readings.clockOffsetSeconds()));
  gauge(registry, EXPORTER_METRICS.restWeight, (set) => set(readings.restWeight()));
  gauge(registry, EXPORTER_METRICS.holesOpen, (set) => {
    const { pending, exchange } = readings.missingMinutes();
    set(pending, { class: 'pending' });
    set(exchange, { class: 'exchange' });
  });
  gauge(registry, EXPORTER_METRICS.lastCandleAge, (set) => {
    for (const [symbol, seconds] of readings.lastCandleAges()) set(seconds, { symbol });
  });
  gauge(registry, EXPORTER_METRICS.groupLag, (set) => {
    for (const [group, records] of readings.kafka().lagByGroup) set(records, { group });
  });
  // Counted elsewhere: counting each frame here took a tenth of the time that reading it takes, and so with candles.
  tally(registry, EXPORTER_METRICS.frames, (add) => add(readings.frames()));
  tally(registry, EXPORTER_METRICS.closedCandles, (add) => {
    for (const [source, candles] of Object.entries(readings.published())) add(candles, { source });
  });
  tally(registry, EXPORTER_METRICS.deadLetters, (add) => {
    for (const [topic, records] of readings.kafka().deadLettersByTopic) add(records, { topic });
  });
}

type Setter = (value: number, labels?: Readonly<Record<string, string>>) => void;

/** A counter whose count is kept by somebody else. */
function tally(registry: Registry, metric: Metric, read: (add: Setter) => void): void {
  const { name, help, labels } = metric;
  const created = new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect() {
      created.reset();
      read((value, of) => (of ? created.inc({ ...of }, value) : created.inc(value)));
    },
  });
}

function gauge(registry: Registry, metric: Metric, read: (set: Setter) => void): void {
  const created = new Gauge({
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels],
    registers: [registry],
    collect() {
      // A symbol that left must not stay behind with its last value.
      created.reset();
      read((value, labels) => (labels ? created.set({ ...labels }, value) : created.set(value)));
    },
  });
}

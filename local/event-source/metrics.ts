import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CONSUMER_METRICS } from '#domain/metrics.ts';
import { POISON_REASONS } from '#lambdas/prometheus-consumer/decode-records.ts';
import { DROP_REASONS } from '#lambdas/prometheus-consumer/drop-unacceptable.ts';
import type { ConsumeReport } from '#lambdas/prometheus-consumer/report.ts';
import { REFUSAL_REASONS } from '#remote-write/classify-refusal.ts';
import type { Invocation } from './invoke.ts';

interface Metric<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
}

/** The consumer's numbers, for a scrape; on AWS the same ones go out by CloudWatch and the mapping's own metrics. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `crypto_consumer_${name}`, help, labelNames, registers });

  const lag = new Gauge({
    name: CONSUMER_METRICS.lag.name,
    help: CONSUMER_METRICS.lag.help,
    labelNames: CONSUMER_METRICS.lag.labels,
    registers,
  });
  const connected = new Gauge({
    name: 'crypto_consumer_kafka_reachable',
    help: '1 while Kafka answers',
    registers,
  });
  const duration = new Histogram({
    name: 'crypto_consumer_handler_duration_seconds',
    help: 'Time that one invocation of the handler took',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const invocations = counter('invocations_total', 'Invocations of the handler by outcome', ['outcome']);
  const records = counter('records_total', 'Records delivered to the handler, repeats included');
  const handedBack = counter('handed_back_total', 'Times that a partition has to be delivered again');
  const stored = counter('samples_stored_total', 'Samples that the metrics store took');
  const duplicates = counter('samples_duplicate_total', 'Samples left out as exact repeats');
  const replays = counter('latency_replays_total', 'Second latencies of a candle, which replays bring');
  const ofDomain = <L extends string>({ name, help, labels }: Metric<L>) =>
    new Counter({ name, help, labelNames: labels, registers });
  const refused = ofDomain(CONSUMER_METRICS.refused);
  const poison = ofDomain(CONSUMER_METRICS.poison);
  const dropped = ofDomain(CONSUMER_METRICS.dropped);
  const requests = ofDomain(CONSUMER_METRICS.requests);
  // a series that is born with its first event hides it from `increase`
  for (const reason of REFUSAL_REASONS) refused.inc({ reason }, 0);
  for (const reason of POISON_REASONS) poison.inc({ reason }, 0);
  for (const reason of DROP_REASONS) dropped.inc({ reason }, 0);

  return {
    registry,
    setLag: (byPartition: ReadonlyMap<number, number>) => {
      connected.set(1);
      for (const [partition, value] of byPartition) lag.set({ partition }, value);
    },
    setKafkaAway: () => {
      connected.set(0);
      // nobody knows it now, and the last one known would look like today's
      lag.reset();
    },
    countInvocation: (invocation: Invocation, recordCount: number, durationMs: number) => {
      const failed = invocation.kind === 'answered' && invocation.failures.size > 0;
      invocations.inc({ outcome: failed ? 'handed-back' : invocation.kind });
      records.inc(recordCount);
      duration.observe(durationMs / 1000);
    },
    countReport: (report: ConsumeReport) => {
      handedBack.inc(report.handedBack.length);
      stored.inc(report.stored);
      duplicates.inc(report.duplicates);
      replays.inc(report.latencyReplays);
      for (const { reason, candles } of report.dropped) dropped.inc({ reason }, candles);
      for (const [reason, count] of Object.entries(report.refused)) refused.inc({ reason }, count);
      for (const [reason, count] of Object.entries(report.poison)) poison.inc({ reason }, count);
      for (const [outcome, count] of Object.entries(report.requests)) requests.inc({ outcome }, count);
    },
  };
}

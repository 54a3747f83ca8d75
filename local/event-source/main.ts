import { Kafka, logLevel } from 'kafkajs';
import { subscribeToReports } from '#lambdas/prometheus-consumer/report.ts';
import { createBatchWindow } from './batch-window.ts';
import { buildEvent } from './build-event.ts';
import type { PartitionRecords } from './build-event.ts';
import { consumeTopic } from './consume-topic.ts';
import { parseEnvironment } from './env.ts';
import type { EventSourceConfig } from './env.ts';
import { invoke } from './invoke.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { serveMetrics } from './serve-metrics.ts';
import { watchLag } from './watch-lag.ts';

/** What Lambda's event source mapping is on AWS: polls Kafka and calls the real handler. */
async function main(config: EventSourceConfig): Promise<void> {
  // Loaded here and not above, so that a bad variable of the handler's is told like one of our own.
  const { handler } = await import('#lambdas/prometheus-consumer/handler.ts');
  const log = createLog();
  const metrics = createMetrics();
  await using server = await serveMetrics(config.metricsPort, metrics.registry);
  log.info('listening', { event: 'listening', port: server.port });

  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
  const { signal } = stopping;
  const { brokers, topic, groupId } = config;
  const kafka = new Kafka({
    clientId: 'event-source',
    brokers: [...brokers],
    connectionTimeout: 3_000,
    // Its errors come back as exceptions and are told once; by itself it tells every single try.
    logLevel: logLevel.NOTHING,
    // Few and quick here, as what uses it tries again for ever.
    retry: { initialRetryTime: 200, maxRetryTime: 1_000, retries: 3 },
  });

  const window = createBatchWindow({
    batchSize: config.batchSize,
    windowMs: config.batchWindowMs,
    invoke: async (parts: readonly PartitionRecords[]) => {
      const startMs = performance.now();
      const invocation = await invoke(handler, buildEvent(parts, brokers), config.handlerTimeoutMs);
      const records = parts.reduce((sum, part) => sum + part.messages.length, 0);
      metrics.countInvocation(invocation, records, performance.now() - startMs);
      if (invocation.kind !== 'answered')
        log.error('invocation-failed', { event: 'invocation-failed', ...invocation });
      return invocation;
    },
  });

  subscribeToReports(metrics.countReport);
  const lag = watchLag({
    kafka,
    topic,
    groupId,
    signal,
    onLag: metrics.setLag,
    onAway: (error) => {
      metrics.setKafkaAway();
      log.warn('lag-unknown', { event: 'lag-unknown', detail: String(error) });
    },
  });
  await consumeTopic({ kafka, topic, groupId, offer: window.offer, signal, log });
  await lag;
  log.info('stopped', { event: 'stopped' });
}

// The same numbers are on /metrics here; CloudWatch's lines would only fill the log.
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';
try {
  await main(parseEnvironment(process.env));
  // A handler that was given up may still hold the process open.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

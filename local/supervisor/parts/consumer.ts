import { join } from 'node:path';
import { CANDLE_TOPIC, METRICS_CONSUMER_GROUP } from '#domain/topics.ts';
import type { ConsumerEnvironment } from '#lambdas/prometheus-consumer/env.ts';
import { CONSUMER_METRICS } from '#domain/metrics.ts';
import { ROOT } from '#local/setup/folders.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Health, Part } from '#local/supervisor/part.ts';
import { brokersOf, dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { valuesOf } from '#local/supervisor/metrics-text.ts';

/** The Lambda function, called by what stands in for its event source mapping. */
export function consumerPart(options: RunOptions): Part {
  const url = urlOf(options, 'consumer');
  return {
    name: 'consumer',
    half: 'live',
    dependsOn: ['kafka', 'prometheus'],
    ports: [portOf(options, 'consumer')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [process.execPath, join(ROOT, 'local', 'event-source', 'main.ts')],
        env: environment(options),
      }),
    check: async () => {
      const { status, body } = await ask(`${url}/metrics`);
      return status === 200 ? healthOf(body) : { kind: 'down', detail: `/metrics answers ${status}` };
    },
    stopTimeoutMs: 20_000,
  };
}

/** A Kafka that does not answer is Kafka's fault, told at its own line of the table. */
function healthOf(metrics: string): Health {
  const lags = valuesOf(metrics, CONSUMER_METRICS.lag.name);
  if (lags.length === 0) return { kind: 'waiting', detail: 'lag unknown: it does not hear Kafka' };
  return { kind: 'ready', lag: lags.reduce((sum, lag) => sum + lag, 0) };
}

function environment(options: RunOptions): Record<string, string> & ConsumerEnvironment {
  return {
    KAFKA_BROKERS: brokersOf(options),
    TOPIC: CANDLE_TOPIC,
    GROUP_ID: METRICS_CONSUMER_GROUP,
    METRICS_PORT: String(portOf(options, 'consumer')),
    // As in production; but Lambda's window of 500 ms would gather nothing here, as the client fetches again only once all that it has is handled.
    BATCH_SIZE: '500',
    BATCH_WINDOW_MS: '20',
    REMOTE_WRITE_URL: `${urlOf(options, 'prometheus')}/api/v1/write`,
    REMOTE_WRITE_AUTH: 'none',
    // absent, whatever the user's shell has exported: only one of the two may be set
    REJECTED_BUCKET: '',
    REJECTED_FOLDER: join(dataFolder(options), 'rejected'),
  };
}

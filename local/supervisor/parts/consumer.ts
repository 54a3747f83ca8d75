import { join } from 'node:path';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import type { ConsumerEnvironment } from '#lambdas/prometheus-consumer/env.ts';
import { groupLag } from '#local/kafka/topics.ts';
import { ROOT } from '#local/setup/folders.ts';
import { ask, reasonOf } from '#local/supervisor/ask.ts';
import type { Health, Part } from '#local/supervisor/part.ts';
import { brokersOf, dataFolder, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

const GROUP_ID = 'prometheus-consumer';

/** The Lambda function, called by what stands in for its event source mapping. */
export function consumerPart(options: RunOptions): Part {
  const url = urlOf(options, 'consumer');
  return {
    name: 'consumer',
    dependsOn: ['kafka', 'prometheus'],
    ports: [portOf(options, 'consumer')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [process.execPath, join(ROOT, 'local', 'event-source', 'main.ts')],
        env: environment(options),
      }),
    check: async () => {
      const { status } = await ask(`${url}/healthz`);
      return status === 200 ? await withLag(options) : { kind: 'down', detail: `/healthz answers ${status}` };
    },
    stopTimeoutMs: 20_000,
  };
}

/** A Kafka that does not answer is Kafka's fault, told at its own line of the table. */
async function withLag(options: RunOptions): Promise<Health> {
  try {
    return { kind: 'ready', lag: await groupLag(brokersOf(options), GROUP_ID, CANDLE_TOPIC) };
  } catch (error) {
    return { kind: 'waiting', detail: `lag unknown: ${reasonOf(error)}` };
  }
}

function environment(options: RunOptions): Record<string, string> & ConsumerEnvironment {
  return {
    KAFKA_BROKERS: brokersOf(options),
    TOPIC: CANDLE_TOPIC,
    GROUP_ID,
    METRICS_PORT: String(portOf(options, 'consumer')),
    REMOTE_WRITE_URL: `${urlOf(options, 'prometheus')}/api/v1/write`,
    REMOTE_WRITE_AUTH: 'none',
    REJECTED_FOLDER: join(dataFolder(options), 'rejected'),
  };
}

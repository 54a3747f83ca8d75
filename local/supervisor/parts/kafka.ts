import { join } from 'node:path';
import { prepareBroker } from '#local/kafka/broker.ts';
import { brokerAnswers, createTopics } from '#local/kafka/topics.ts';
import type { Part } from '#local/supervisor/part.ts';
import { brokersOf, dataFolder, portOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

export function kafkaPart(options: RunOptions): Part {
  const [port, controllerPort] = [portOf(options, 'kafka'), portOf(options, 'kafkaController')];
  const brokers = brokersOf(options);
  return {
    name: 'kafka',
    half: 'live',
    dependsOn: [],
    ports: [port, controllerPort],
    url: brokers,
    prepare: async () => ({
      command: await prepareBroker({ port, controllerPort, dataDir: join(dataFolder(options), 'kafka') }),
    }),
    check: async () =>
      (await brokerAnswers(brokers)) ? { kind: 'ready' } : { kind: 'down', detail: 'does not answer yet' },
    onceUp: () => createTopics(brokers),
    // after a kill it reads its logs anew
    startTimeoutMs: 180_000,
    stopTimeoutMs: 30_000,
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareBroker } from '#local/kafka/broker.ts';
import { brokerAnswers, createTopics } from '#local/kafka/topics.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { freePorts } from '#test/local/free-ports.ts';

/** The parts that both ways have in common: a broker and a metrics store, as one machine's run has them. */
export async function startStand(scraped?: { readonly everySeconds: number }) {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'crypto-market-boundary-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const [kafkaPort = 0, controllerPort = 0, storePort = 0, exporterPort = 0, consumerPort = 0] =
    await freePorts(5);
  const brokers = `127.0.0.1:${kafkaPort}`;
  stack.use(
    await startProcess({
      name: 'kafka',
      command: await prepareBroker({ port: kafkaPort, controllerPort, dataDir: join(folder, 'kafka') }),
      logFile: join(folder, 'kafka.log'),
      isReady: () => brokerAnswers(brokers),
      timeoutMs: 120_000,
    }),
  );
  await createTopics(brokers);
  const store = stack.use(
    await startPrometheus({
      port: storePort,
      dataDir: join(folder, 'store'),
      configFile: join(folder, 'prometheus.yml'),
      logFile: join(folder, 'prometheus.log'),
      ...(scraped && {
        targets: [{ job: 'consumer', port: consumerPort }],
        scrapeIntervalSeconds: scraped.everySeconds,
      }),
    }),
  );
  const owned = stack.move();
  return {
    folder,
    brokers,
    url: store.url,
    remoteWriteUrl: store.remoteWriteUrl,
    exporterPort,
    consumerPort,
    /** Starts a part of the way that is measured, which ends with the rest. */
    start: async (
      name: string,
      command: readonly [string, ...string[]],
      env: Readonly<Record<string, string>>,
      isReady: () => Promise<boolean>,
    ) => {
      owned.use(
        await startProcess({
          name,
          command,
          env,
          logFile: join(folder, `${name}.log`),
          isReady,
          timeoutMs: 60_000,
        }),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export async function answersAt(url: string): Promise<boolean> {
  return (await fetch(url).catch(() => undefined))?.ok ?? false;
}

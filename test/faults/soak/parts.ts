import { join } from 'node:path';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';
import { startRealStore } from '#test/faults/c-consumer/real-store.ts';
import type { RealStore } from '#test/faults/c-consumer/real-store.ts';
import { startExporterRun } from '#test/faults/harness/exporter-run.ts';
import type { Exporter, ExporterRun } from '#test/faults/harness/exporter-run.ts';
import { startKafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { KafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import { signalTo } from '#test/faults/harness/process-faults.ts';
import type { FaultyProcess } from '#test/faults/harness/process-faults.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { startStoreGate } from './store-gate.ts';
import type { StoreGate } from './store-gate.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PRELOAD = join(import.meta.dirname, '../harness/process-clock.ts');

/** A process of the product that is started anew after it was killed. */
interface Restartable<P> extends FaultyProcess {
  readonly current: () => P;
  startAgain(): Promise<void>;
}

/** The live half: exchange, exporter, Kafka, consumer and metrics store, with a link between each two that can be broken. */
export interface LiveHalf extends AsyncDisposable {
  readonly run: ExporterRun;
  readonly kafka: KafkaCluster;
  readonly store: RealStore;
  /** Between the consumer and the store. */
  readonly storeGate: StoreGate;
  readonly exporter: Restartable<Exporter>;
  readonly consumer: Restartable<RunningProcess>;
  /** Where the consumer's /metrics is. */
  readonly consumerUrl: string;
}

/** How far the exporter's clock jumps when it is told to. */
const CLOCK_STEP_MS = 90_000;

export async function startLiveHalf(folder: string, symbols: number, speed: number): Promise<LiveHalf> {
  await using stack = new AsyncDisposableStack();
  const kafka = stack.use(await startKafkaCluster(folder));
  const store = stack.use(await startRealStore(folder));
  const storeGate = stack.use(await startStoreGate(store.url));
  const run = stack.use(await startExporterRun({ kafka, folder, symbols, speed, lookback: '30m' }));
  const startExporter = async (isReady?: () => Promise<boolean>) =>
    run.exporter({ clock: { shiftMs: CLOCK_STEP_MS, shiftOnSignal: true }, ...(isReady && { isReady }) });
  const [metricsPort = 0] = await freePorts(1);
  const consumerUrl = `http://127.0.0.1:${metricsPort}`;
  const env = {
    KAFKA_BROKERS: kafka.brokers,
    TOPIC: run.topic,
    GROUP_ID: `${run.topic}-metrics`,
    METRICS_PORT: String(metricsPort),
    REMOTE_WRITE_URL: storeGate.remoteWriteUrl,
    REMOTE_WRITE_AUTH: 'none',
    REJECTED_BUCKET: '',
    REJECTED_FOLDER: join(folder, 'rejected'),
    NODE_OPTIONS: `--import=${PRELOAD}`,
    // Kafka does not live faster, so neither do the timers of a group's member.
    FAULT_CLOCK: JSON.stringify({ ...run.time, dayOnly: true }),
  };
  const startConsumer = async () =>
    startProcess({
      name: 'consumer',
      command: [process.execPath, join(ROOT, 'local', 'event-source', 'main.ts')],
      env,
      logFile: join(folder, 'consumer.log'),
      isReady: async () => (await fetch(`${consumerUrl}/metrics`).catch(() => undefined))?.ok ?? false,
      timeoutMs: 60_000,
    });
  const consumer = restartable(await startConsumer(), startConsumer);
  stack.defer(async () => {
    consumer.thaw();
    await consumer.current().stop('SIGKILL');
  });
  // Ready or not: what it needs may be broken, too.
  const exporter = restartable(await startExporter(), async () => startExporter(async () => true));
  stack.defer(() => exporter.thaw());
  const owned = stack.move();
  return {
    run,
    kafka,
    store,
    storeGate,
    exporter,
    consumer,
    consumerUrl,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function restartable<P extends RunningProcess>(first: P, start: () => Promise<P>): Restartable<P> {
  let running = first;
  return {
    current: () => running,
    ...signalTo(() => running),
    startAgain: async () => {
      running = await start();
    },
  };
}

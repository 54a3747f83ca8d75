import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import type { Clock } from '#local/exchange/clock.ts';
import { startExchange } from '#local/exchange/start.ts';
import type { Exchange, ExchangeOptions } from '#local/exchange/start.ts';
import { readTopic } from '#test/e2e/read-topic.ts';
import { startExporter } from '#test/fargate/ohlc-exporter/exporter-process.ts';
import { fastClock, startTime } from './fast-clock.ts';
import type { RunTime } from './fast-clock.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { candlesOf, compareWithLedger, unmarkedInversions } from './ledger-check.ts';
import type { Comparison } from './ledger-check.ts';
import type { ProcessClock } from './process-clock.ts';
import { startTcpFaultProxy } from './tcp-fault-proxy.ts';
import type { TcpFaultProxy } from './tcp-fault-proxy.ts';

export interface RunOptions {
  readonly kafka: KafkaCluster;
  readonly folder: string;
  readonly symbols?: readonly string[] | number;
  /** Of exchange and exporter; Kafka knows no other time than the machine's. @default 10 */
  readonly speed?: number;
  /** ms since 1970. @default 12 hours ago */
  readonly startMs?: number;
  /** @default 10m */
  readonly lookback?: string;
  readonly exchange?: Pick<ExchangeOptions, 'limits' | 'closeLagMs' | 'updates'>;
}

export type Exporter = Awaited<ReturnType<typeof startExporter>>;

/** An exchange, a link to it that can be broken, topics of its own, and how to start the real exporter between them. */
export interface ExporterRun extends AsyncDisposable {
  readonly exchange: Exchange;
  /** Between the exporter and the exchange's stream. */
  readonly streamLink: TcpFaultProxy;
  /** Between the exporter and the exchange's REST. */
  readonly restLink: TcpFaultProxy;
  readonly clock: Clock;
  readonly time: RunTime;
  readonly topic: string;
  readonly letters: string;
  /** Waits in the run's time. */
  wait(ms: number): Promise<void>;
  /** Waits until so many more minutes have closed. */
  minutes(count: number): Promise<void>;
  /** Resolves once it is ready, or as `isReady` says; what it leaves running is stopped with the run. */
  exporter(options?: ExporterOptions): Promise<Exporter>;
  /** Every message of the topic, in the order of its partitions. */
  inKafka(): Promise<readonly Candle[]>;
  /** Waits until all that the exchange has closed by now is in Kafka, then holds the promise against it; fails at the deadline. */
  nothingLost(options?: { readonly withinMs?: number }): Promise<Comparison>;
}

interface ExporterOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Pick<ProcessClock, 'shiftMs' | 'shiftOnSignal' | 'hoursMs'>;
  readonly isReady?: (url: string) => Promise<boolean>;
  /** Files that are loaded before it. */
  readonly imports?: readonly string[];
  /** Of its heap; one that leaks ends when it is full. @default Node's own, which is more than a test can fill */
  readonly heapMb?: number;
}

const LONGEST_LOOKBACK_MS = 24 * 3_600_000;

const PRELOAD = join(import.meta.dirname, 'process-clock.ts');

export async function startExporterRun(options: RunOptions): Promise<ExporterRun> {
  const { kafka, folder, symbols = ['BTCUSDT', 'ETHUSDT'], lookback = '10m' } = options;
  await using stack = new AsyncDisposableStack();
  const time = startTime(options.speed ?? 10, options.startMs);
  const clock = fastClock(time);
  const exchange = stack.use(
    await startExchange({
      symbols,
      wall: clock,
      ...options.exchange,
      // So many a second of the exchange's time, which passes faster than a client can count.
      limits: { messagesPerSecond: 1000, ...options.exchange?.limits },
    }),
  );
  const port = Number(new URL(exchange.url).port);
  const streamLink = stack.use(await startTcpFaultProxy(port));
  const restLink = stack.use(await startTcpFaultProxy(port));
  const topic = `candles-${Math.random().toString(36).slice(2)}`;
  const letters = `${topic}-letters`;
  await kafka.createTopics({ [topic]: 3, [letters]: 1 });
  const wait = async (ms: number) => delay(ms / time.speed);
  const inKafka = async () => candlesOf(await readTopic(kafka.direct, topic));

  const processes = stack.use(new AsyncDisposableStack());
  const owned = stack.move();
  return {
    exchange,
    streamLink,
    restLink,
    clock,
    time,
    topic,
    letters,
    wait,
    minutes: async (count) => {
      const until = (Math.floor(clock.now() / MINUTE_MS) + count) * MINUTE_MS;
      // A little past, so that the last one has been sent too.
      await wait(until + 3000 - clock.now());
    },
    exporter: async ({ env, clock: processClock, isReady, imports = [], heapMb } = {}) =>
      processes.use(
        await startExporter(
          {
            BINANCE_WS_URLS: `ws://127.0.0.1:${streamLink.port}`,
            BINANCE_REST_URLS: `http://127.0.0.1:${restLink.port}`,
            SYMBOLS: typeof symbols === 'number' ? 'all:USDT' : symbols.join(','),
            KAFKA_BROKERS: kafka.brokers,
            TOPIC: topic,
            DEAD_LETTER_TOPIC: letters,
            BACKFILL_LOOKBACK: lookback,
            NODE_OPTIONS: [...imports, PRELOAD].map((file) => `--import=${file}`).join(' '),
            FAULT_CLOCK: JSON.stringify({ ...time, ...processClock }),
            ...env,
          },
          folder,
          isReady,
          heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`],
        ),
      ),
    inKafka,
    nothingLost: async ({ withinMs = 20_000 } = {}) => {
      const ledger = [...exchange.ledger()];
      const deadline = Date.now() + withinMs;
      for (;;) {
        const candles = await inKafka();
        const comparison = compareWithLedger(ledger, candles);
        if (comparison.lost.length > 0 && Date.now() < deadline) {
          await delay(250);
          continue;
        }
        assert.ok(comparison.closed > 0, 'expected the exchange to have closed candles');
        isNone(comparison.lost, 'closed at the exchange, and not in Kafka');
        isNone(comparison.wrong, 'in Kafka with other values');
        // The lookback reaches to before the run, and more has closed since the ledger was read.
        const all = exchange.ledger({ fromMs: time.startMs - LONGEST_LOOKBACK_MS });
        isNone(compareWithLedger(all, candles).invented, 'never closed at the exchange');
        isNone(unmarkedInversions(candles, ledger), 'out of order, and not marked');
        return comparison;
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function isNone(found: readonly string[], what: string): void {
  assert.deepEqual(found, [], what);
}

import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { startServer } from '#bench/run/start-server.ts';
import { startPinnedBroker } from '#bench/publish/broker.ts';
import { startTopicKeeper } from '#bench/publish/start-topic-keeper.ts';
import { EXPORTER_NODE_FLAGS } from '#fargate/ohlc-exporter/env.ts';
import { createTopics } from '#local/kafka/topics.ts';
import { KAFKA_JARS } from '#local/setup/jars.ts';
import { freePorts } from '#test/local/free-ports.ts';

export const bench = {
  name: 'memory',
  what:
    "A day of 1,000 symbols' candles, two frames each, up to 600 times as fast. Ours is the exporter as it runs, which publishes " +
    'to a real broker, whose topic is read back afterwards: every candle has to be there, once. cryptofeed hands the closed ' +
    'candles to a function that counts them.',
  unit: 'candles',
  cases: [caseOf(1000, 1440, 100)],
  quickCases: [caseOf(1000, 30, 100)],
  figures: [
    { key: 'peakMiB', title: 'peak memory, MiB' },
    { key: 'earlyMiB', title: 'in the second quarter, MiB' },
    { key: 'lateMiB', title: 'in the last quarter, MiB' },
    { key: 'memoryGrowth', title: 'last to second', digits: 2 },
    { key: 'cpuSeconds', title: 'CPU-seconds' },
    { key: 'wallSeconds', title: 'seconds' },
  ],
  needs: [KAFKA_JARS],
  peers: { python: '../decode/requirements.txt' },
  contestants: [
    {
      name: 'ours',
      command: ['node', ...EXPORTER_NODE_FLAGS, 'ours.ts'],
      counts: ['closed', 'failed', 'inTopic', 'distinct'],
    },
    {
      name: 'cryptofeed',
      command: ['python', '../decode/read_by_cryptofeed.py'],
      counts: ['closed'],
      peer: 'python',
    },
  ],
  goals: [
    // 150 MB
    { kind: 'bound', of: 'ours', figure: 'peakMiB', atMost: 143, unit: 'MiB' },
    { kind: 'bound', of: 'ours', figure: 'memoryGrowth', atMost: 1.1, unit: 'times its memory at first' },
  ],
  setUp: async ({ work }, { folder }) => {
    await using started = new AsyncDisposableStack();
    const { brokers } = started.use(await startPinnedBroker(folder));
    // for its dead letters; its candles get a topic a run
    await createTopics(brokers);
    const keeper = started.use(await startTopicKeeper(brokers));
    const server = started.use(
      await startServer([process.execPath, join(import.meta.dirname, 'day-server.ts')], {
        BENCH_CASE: JSON.stringify(work),
      }),
    );
    const [port = 0] = await freePorts(1);
    const running = started.move();
    return {
      env: {
        BENCH_EXCHANGE: `127.0.0.1:${server.firstLine}`,
        BENCH_BROKERS: brokers,
        BENCH_TOPICS: keeper.firstLine,
        BENCH_METRICS_PORT: String(port),
        // as the image has it: compiled by an earlier run
        NODE_COMPILE_CACHE: join(folder, 'compile-cache'),
      },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  },
} as const satisfies Bench;

function caseOf(symbols: number, minutes: number, minuteMs: number): BenchCase {
  const candles = symbols * minutes;
  return {
    name: `${symbols.toLocaleString('en')} symbols, ${minutes.toLocaleString('en')} minutes`,
    work: { symbols, minutes, updates: 2, minuteMs },
    amount: candles,
    expected: { closed: candles, failed: 0, inTopic: candles, distinct: candles },
  };
}

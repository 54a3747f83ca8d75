import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { KAFKA_JARS } from '#local/setup/jars.ts';
import { startPinnedBroker } from './broker.ts';
import { expectedCounts } from './candles.ts';
import { startTopicKeeper } from './start-topic-keeper.ts';

const FEW = caseOf(1000, 30, 20);
const MANY = caseOf(1000, 30, 200);

export const bench = {
  name: 'publish',
  what:
    'Closed 1-minute candles of 1,000 symbols, made as objects a minute at a time, into six partitions of a real broker on loopback, ' +
    'acknowledged by all replicas. A process beside reads the topic back: every candle has to be there, once, with its price. ' +
    'Measured is what comes after the first 30,000, as such programs run for months and that many are only 30 requests to compile by.',
  unit: 'records',
  cases: [FEW, MANY],
  quickCases: [caseOf(200, 1, 4)],
  needs: [KAFKA_JARS],
  peers: { python: 'requirements.txt' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'] },
    { name: 'bare kafkajs batch loop', command: ['node', 'kafkajs.ts'] },
    {
      name: "cryptofeed's Kafka backend",
      command: ['python', 'publish_by_cryptofeed.py'],
      peer: 'python',
      counts: ['inTopic', 'distinct', 'closeCents'],
      // minutes for each run of the larger one, and no other figure
      only: ({ name }) => name !== MANY.name,
    },
  ],
  goals: [
    { better: 'ours', than: "cryptofeed's Kafka backend", times: 20 },
    { better: 'ours', than: 'bare kafkajs batch loop', times: 0.8 },
  ],
  setUp: async (_case, { folder }) => {
    await using started = new AsyncDisposableStack();
    const { brokers } = started.use(await startPinnedBroker(folder));
    const keeper = started.use(await startTopicKeeper(brokers));
    const running = started.move();
    return {
      env: { BENCH_BROKERS: brokers, BENCH_TOPICS: keeper.firstLine },
      [Symbol.asyncDispose]: () => running.disposeAsync(),
    };
  },
  notes: [
    "cryptofeed's backend waits for the acknowledgement of each record before it sends the next, whatever the producer is told about batches; " +
      'its records are smaller (no quote volume, no taker side, floats for decimals) and all have the same key.',
    'Both others send up to 1,000 records a request and wait for its acknowledgement. Ours also bounds its queue, stamps each candle with the time of ' +
      'its hand-over, and keeps what was not acknowledged.',
    "Two fifths of what the bare loop takes is kafkajs's encoder, by the profile: two zeroed buffers for each record, another for each " +
      'variable-length number, eight copies of all that is sent, and its checksum, a byte at a time; an eighth is the hash that chooses the partition, by BigInts.',
    'Ours has kafkajs send the same bytes from an encoder of its own, which takes a quarter of that, and hashes each symbol once. What is left: a sixth ' +
      "that encoder, a sixth the candles' JSON, a seventh the collection of garbage, a ninth each the socket and kafkajs's grouping by partition, which copies " +
      "a partition's list for every record.",
  ],
} as const satisfies Bench;

function caseOf(symbols: number, warmUp: number, measured: number): BenchCase {
  const minutes = warmUp + measured;
  const amount = symbols * measured;
  return {
    name: `${amount.toLocaleString('en')} candles`,
    work: { symbols, minutes, warmUp },
    amount,
    expected: expectedCounts(symbols, minutes),
  };
}

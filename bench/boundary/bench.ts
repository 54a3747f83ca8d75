import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { KAFKA_JARS } from '#local/setup/jars.ts';
import { PROMETHEUS } from '#local/setup/prometheus.ts';
import { POLL_PAUSE_MS } from './first-seen.ts';

const BOUNDARIES = 5;

/** Five of them meet the scrapes of every 15 s at five moments in equal distances. */
const EVERY_MS = 18_000;

/** Where nothing is scraped. */
const UNSCRAPED_EVERY_MS = 3000;

export const bench = {
  name: 'boundary',
  what:
    "All symbols' 1-minute candles close at once: from the moment the exchange writes their frames until each one's sample can be queried in Prometheus. " +
    'Five boundaries, with an update of every symbol each 2 s between them; all processes are real, on all cores together.',
  unit: 'samples',
  cases: [
    caseOf(100, BOUNDARIES, UNSCRAPED_EVERY_MS),
    caseOf(1000, BOUNDARIES, EVERY_MS),
    caseOf(2000, BOUNDARIES, UNSCRAPED_EVERY_MS),
  ],
  quickCases: [caseOf(20, 1, 1500)],
  figures: [
    { key: 'p50Ms', title: 'p50, ms', digits: 0 },
    { key: 'p99Ms', title: 'p99, ms', digits: 0 },
    { key: 'maxMs', title: 'max, ms', digits: 0 },
    { key: 'cpuSeconds', title: 'CPU-seconds' },
  ],
  needs: [KAFKA_JARS, PROMETHEUS],
  peers: { python: 'requirements.txt' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'], pinned: false },
    {
      name: 'Python exporter, scraped every 15 s',
      command: ['node', 'scraped.ts'],
      peer: 'python',
      pinned: false,
      only: ({ work }) => work['everyMs'] !== UNSCRAPED_EVERY_MS,
    },
  ],
  goals: [
    { kind: 'bound', of: 'ours', figure: 'p99Ms', atMost: 1000, unit: 'ms', cases: ['1,000 symbols'] },
    {
      better: 'ours',
      than: 'Python exporter, scraped every 15 s',
      figure: 'p99Ms',
      times: 10,
      lower: true,
      cases: ['1,000 symbols'],
    },
  ],
  setUp: (_case, { folder, python }) =>
    Promise.resolve({
      env: { BENCH_FOLDER: folder, ...(python !== undefined && { BENCH_PYTHON: python }) },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  notes: [
    `Prometheus is asked for the new samples again ${POLL_PAUSE_MS} ms after each answer, so every latency is up to that much, and the time of a query, too long. ` +
      'A scraped sample is queryable from the scrape on, whose moment is chance: the boundaries meet it at five moments in equal distances.',
    `The boundaries are ${EVERY_MS / 1000} s apart with 1,000 symbols, and ${UNSCRAPED_EVERY_MS / 1000} s where only ours is measured.`,
    "CPU-seconds are of broker, Prometheus, exporter and consumer over all boundaries, Prometheus's answers to these questions included; the exchange is not in them.",
    'Ours is the live half of `npm start` as it is, with 14 series a symbol, 5 of them latencies; the scraped one has the same 9 of the candle, ' +
      'and its samples carry the time of the scrape, not that of the minute.',
    'Here an event holds 500 records, or what came within 20 ms. On AWS, Lambda gathers for 500 ms by default, which come on top.',
  ],
} as const satisfies Bench;

function caseOf(symbols: number, boundaries: number, everyMs: number): BenchCase {
  const amount = symbols * boundaries;
  return {
    name: `${symbols.toLocaleString('en')} symbols`,
    work: { symbols, boundaries, everyMs },
    amount,
    expected: { samples: amount },
  };
}

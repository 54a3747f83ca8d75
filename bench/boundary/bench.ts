import type { Bench, BenchCase } from '#bench/run/bench.ts';
import { KAFKA_JARS } from '#local/setup/jars.ts';

export const bench = {
  name: 'boundary',
  what:
    'All symbols close in the same instant: from the moment at which their frames are written to the socket until their closing prices can ' +
    'be queried from Prometheus. Exporter, broker, consumer and store are processes of one machine.',
  unit: 'samples',
  cases: [100, 1000, 2000].map((symbols) => caseOf(symbols, 5)),
  quickCases: [caseOf(20, 2)],
  figures: [
    { key: 'p50Ms', title: 'median, ms', digits: 0 },
    { key: 'p99Ms', title: 'p99, ms', digits: 0 },
    { key: 'maxMs', title: 'worst, ms', digits: 0 },
    { key: 'cpuSeconds', title: 'CPU-seconds of all, with their start' },
  ],
  needs: [KAFKA_JARS],
  peers: { python: 'requirements.txt' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'], pinned: false },
    {
      name: 'Python exporter, scraped every 15 s',
      command: ['node', 'scraped.ts'],
      pinned: false,
      peer: 'python',
      // a minute and a half each
      only: ({ name }) => name !== '100 symbols' && name !== '2,000 symbols',
    },
  ],
  goals: [
    { kind: 'bound', of: 'ours', figure: 'p99Ms', atMost: 1000, unit: 'ms', cases: ['1,000 symbols'] },
    {
      better: 'ours',
      than: 'Python exporter, scraped every 15 s',
      times: 10,
      figure: 'p99Ms',
      lower: true,
      cases: ['1,000 symbols'],
    },
  ],
  // Both programs of the peer run under this one's control, so it is told where their Python is.
  setUp: async (_case, { python }) => ({
    env: { BENCH_PYTHON: python ?? '' },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
  notes: [
    'Prometheus is asked every 20 ms how many of the prices it has. Five minutes are measured in each run, after one that warms all parts up.',
    'Half a second of ours is the window in which the consumer gathers records, as Lambda does for MSK.',
    "The other one's prices carry the time of the scrape, and of the minutes between two scrapes it keeps only the last.",
  ],
} as const satisfies Bench;

function caseOf(symbols: number, boundaries: number): BenchCase {
  return {
    name: `${symbols.toLocaleString('en')} symbols`,
    work: { symbols, boundaries },
    amount: symbols * boundaries,
    expected: { samples: symbols * boundaries },
  };
}

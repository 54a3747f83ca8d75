import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/bench.ts';
import { startServer } from '#bench/run/start-server.ts';
import { expectedCounts } from './samples.ts';

export const bench = {
  name: 'remote-write',
  what:
    'A million samples of 1,000, 10,000 and 100,000 known series, one of each series a round, encoded, compressed and sent ' +
    'to a receiver on loopback that reads them back: their number, their series and the sum of their values.',
  unit: 'samples',
  cases: [caseOf(1000, 1000), caseOf(10_000, 100), caseOf(100_000, 10)],
  quickCases: [caseOf(1000, 3)],
  peers: { npm: 'peers' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'] },
    { name: 'protobufjs + snappy', command: ['node', 'protobufjs.ts'], peer: 'npm' },
    { name: 'prometheus-remote-write', command: ['node', 'prometheus-remote-write.ts'], peer: 'npm' },
  ],
  goals: [
    { better: 'ours', than: 'prometheus-remote-write', times: 5 },
    { better: 'ours', than: 'protobufjs + snappy', times: 5 },
  ],
  setUp: async () => {
    const server = await startServer([process.execPath, join(import.meta.dirname, 'receiver.ts')]);
    return {
      env: { BENCH_RECEIVER: server.firstLine },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
  notes: [
    'Ours also sorts, de-duplicates and cuts requests to the size that the receiver takes; the peers send runs of 5,000 series.',
    "protobufjs has its messages' labels ready, as ours has their bytes; snappy is the native module.",
  ],
} as const satisfies Bench;

function caseOf(series: number, rounds: number): BenchCase {
  return {
    name: `${series.toLocaleString('en')} series`,
    work: { series, rounds },
    amount: series * rounds,
    expected: expectedCounts(series, rounds),
  };
}

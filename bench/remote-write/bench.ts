import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { startServer } from '#bench/run/start-server.ts';
import { expectedCounts } from './samples.ts';

export const bench = {
  name: 'remote-write',
  what:
    'A million samples of 1,000, 10,000 and 100,000 known series, one of each series a round, encoded, compressed and sent, ' +
    'at most 5,000 at a time, to a receiver on loopback that reads them back: their number, their series and the sum of their values. ' +
    'Measured is what comes after the first two million, as such programs run for months: before, what sends a request is not compiled yet.',
  unit: 'samples',
  cases: [caseOf(1000, 2000, 1000), caseOf(10_000, 200, 100), caseOf(100_000, 20, 10)],
  quickCases: [caseOf(1000, 1, 3)],
  peers: { npm: 'peers' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'] },
    { name: 'protobufjs + snappyjs', command: ['node', 'protobufjs.ts'], peer: 'npm' },
    { name: 'protobufjs + native snappy', command: ['node', 'protobufjs.ts', 'native'], peer: 'npm' },
    { name: 'prometheus-remote-write', command: ['node', 'prometheus-remote-write.ts'], peer: 'npm' },
    {
      name: 'sending alone',
      command: ['node', 'sending-alone.ts'],
      counts: ['samples', 'series'],
      limit: true,
    },
  ],
  goals: [
    { better: 'ours', than: 'prometheus-remote-write', times: 5 },
    { better: 'ours', than: 'protobufjs + snappyjs', times: 5 },
    { better: 'ours', than: 'protobufjs + native snappy', times: 5 },
  ],
  setUp: async () => {
    const server = await startServer([process.execPath, join(import.meta.dirname, 'receiver.ts')]);
    return {
      env: { BENCH_RECEIVER: server.firstLine },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
  notes: [
    'Ours also tells series apart, sorts, de-duplicates and cuts requests to the size that the receiver takes; the peers send what they are given.',
    "protobufjs has its messages' labels ready, as ours has their bytes. The values are texts, as candles have them.",
    'Ours is JavaScript alone, as the functions that send are one file for any processor; so is snappyjs, and the native module is not.',
    '*sending alone* sends bodies that were made beforehand, as large as ours: nothing is encoded, compressed or told apart.',
  ],
} as const satisfies Bench;

function caseOf(series: number, warmUp: number, rounds: number): BenchCase {
  return {
    name: `${series.toLocaleString('en')} series`,
    work: { series, warmUp, rounds },
    amount: series * rounds,
    expected: expectedCounts(series, warmUp + rounds),
  };
}

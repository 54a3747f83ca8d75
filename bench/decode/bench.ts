import { join } from 'node:path';
import type { Bench, BenchCase } from '#bench/run/definition.ts';
import { startServer } from '#bench/run/start-server.ts';
import { expectedCounts } from './market.ts';

export const bench = {
  name: 'decode',
  what:
    "Binance's 1-minute kline frames of 20, 200 and 1,000 symbols from a WebSocket on loopback, as fast as they are read, " +
    'one in 30 a closed candle, which has to come out with its values. Measured is what comes after the first 300,000, as such programs run for months and closed candles are what is compiled last. Reading only counts: nothing is published.',
  unit: 'frames',
  cases: [20, 200, 1000].map((symbols) => caseOf(symbols, 300_000, 600_000)),
  quickCases: [caseOf(20, 600, 5400)],
  peers: { npm: 'peers', python: 'requirements.txt' },
  contestants: [
    { name: 'ours', command: ['node', 'ours.ts'] },
    { name: 'ws + JSON.parse', command: ['node', 'ws-parse.ts'] },
    { name: 'binance', command: ['node', 'binance.ts'], peer: 'npm' },
    { name: 'ccxt pro', command: ['node', 'ccxt-pro.ts'], peer: 'npm' },
    // Forming candles never reach its user, so it can't count frames; the closed ones are the last of each minute.
    {
      name: 'cryptofeed',
      command: ['python', 'read_by_cryptofeed.py'],
      counts: ['closed', 'closeCents'],
      peer: 'python',
    },
    { name: 'ws alone', command: ['node', 'ws-alone.ts'], counts: ['frames'], limit: true },
  ],
  goals: [
    { better: 'ours', than: 'cryptofeed', times: 5 },
    { better: 'ours', than: 'binance', times: 2 },
    { better: 'ours', than: 'ws alone', times: 0.7 },
  ],
  setUp: async ({ work }) => {
    const server = await startServer([process.execPath, join(import.meta.dirname, 'frame-server.ts')], {
      BENCH_CASE: JSON.stringify(work),
    });
    return {
      env: { BENCH_EXCHANGE: `127.0.0.1:${server.firstLine}` },
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
  notes: [
    '*ws alone* parses nothing: no program that has every frame from this WebSocket library can be faster. Ours takes forming candles out of the bytes on their way there, so that nearly all of what the library gets is closed ones.',
    'Each runs with the heap that Node gives it. With the small one that the exporter is deployed with, ours takes no more CPU.',
    "ccxt doesn't tell its user whether a candle is closed; it is counted once the next one has begun, or at the end.",
  ],
} as const satisfies Bench;

function caseOf(symbols: number, warmUp: number, measured: number): BenchCase {
  const frames = warmUp + measured;
  return {
    name: `${symbols.toLocaleString('en')} symbols`,
    work: { symbols, frames, warmUp },
    amount: measured,
    expected: expectedCounts(symbols, frames),
  };
}

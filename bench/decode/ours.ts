import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import { ExchangeClock } from '#fargate/ohlc-exporter/exchange-clock.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { createIntake } from '#fargate/ohlc-exporter/intake.ts';
import { MarketStreams } from '#fargate/ohlc-exporter/market-streams.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { STREAM_LIMITS } from '#fargate/ohlc-exporter/stream-limits.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { centsOf, FIRST_OPEN_MS, symbolNames } from './market.ts';

// The exporter as it is wired, up to the queue in front of Kafka.
const { symbols: count, frames: wanted, warmUp } = readCase('symbols', 'frames', 'warmUp');
const symbols = symbolNames(count);
const counts = { frames: 0, closed: 0, closeCents: 0 };
const log = { info: () => undefined, warn: fail, error: fail };
const coverage = new Coverage();
for (const symbol of symbols) coverage.watch(symbol, FIRST_OPEN_MS, FIRST_OPEN_MS - MINUTE_MS, new Set());

const intake = createIntake({
  coverage,
  clock: new ExchangeClock(),
  publisher: {
    queued: 0,
    offer: (candle) => {
      counts.closed += 1;
      counts.closeCents += centsOf(candle.close);
      return true;
    },
    deadLetter: () => false,
  },
  metrics: createMetrics(),
  log,
  onClosed: (symbol) => streams.deadlines.closed(symbol),
  onHole: () => undefined,
  onFuture: () => undefined,
});

const streams = new MarketStreams({
  hosts: new Hosts([`ws://${variable('BENCH_EXCHANGE')}`]),
  limits: STREAM_LIMITS,
  log,
  onFrame: (frame) => {
    // answers to SUBSCRIBE come before the first candle, and are no frames of the market
    if (counts.frames === 0 && frame.length < 100) return;
    if (intake.onFrame(frame) !== 'none') fail('effect', { frame: frame.toString() });
    came(1);
  },
  onForming: came,
  onConnected: () => undefined,
  onReconnect: (reason) => fail('reconnect', { reason }),
  onRotation: (reason) => fail('rotation', { reason }),
  signal: new AbortController().signal,
});

let elapsed = startClocks();
await streams.add(symbols);

function came(frames: number): void {
  const before = counts.frames;
  counts.frames += frames;
  // They come in groups, so the one that ends the warm-up may be inside.
  if (before < warmUp && counts.frames >= warmUp) elapsed = startClocks();
  if (counts.frames === wanted) report({ counts, ...elapsed() });
}

function fail(event: string, facts?: unknown): never {
  throw new Error(`${event} ${JSON.stringify(facts)}`);
}

import { setImmediate as turn } from 'node:timers/promises';
import { decodeCandle, MINUTE_MS } from '#domain/candle.ts';
import type { Candle } from '#domain/candle.ts';
import { CandlePublisher } from '#fargate/ohlc-exporter/candle-publisher.ts';
import type { OutgoingMessage } from '#fargate/ohlc-exporter/candle-publisher.ts';
import { Coverage } from '#fargate/ohlc-exporter/coverage.ts';
import { ExchangeClock } from '#fargate/ohlc-exporter/exchange-clock.ts';
import { createIntake } from '#fargate/ohlc-exporter/intake.ts';
import { createMetrics } from '#fargate/ohlc-exporter/metrics.ts';
import { recordedFrame } from '#test/recorded-frame.ts';

export const CANDLES = 'candles';
const LETTERS = 'letters';

/** Recorded frames, most of them closed candles: from these the others are broken. */
export const FRAMES: readonly [Buffer, ...Buffer[]] = [
  recordedFrame('kline-closed-combined'),
  recordedFrame('kline-closed-combined'),
  recordedFrame('kline-closed-raw'),
  recordedFrame('kline-closed-raw'),
  recordedFrame('kline-closed-zero-trades'),
  recordedFrame('kline-forming-combined'),
  recordedFrame('server-shutdown-raw'),
  recordedFrame('server-shutdown-combined'),
  Buffer.from('{"result":null,"id":1}'),
  Buffer.from('{"error":{"code":2,"msg":"Invalid request"},"id":1}'),
];

/** The minute of the recorded frames. */
export const FIRST_OPEN_MS = Date.UTC(2025, 9, 29, 4, 22);

/** Symbols whose candles come whole, between those that are broken; no recorded frame is of these. */
export const NEIGHBOURS: readonly string[] = Array.from(
  { length: 20 },
  (_, index) => `N${String(index).padStart(3, '0')}USDT`,
);

/** A whole frame, with values that tell it from every other one. */
export function neighbourFrame(symbol: string, minute: number): Buffer {
  const t = FIRST_OPEN_MS + minute * MINUTE_MS;
  const o = `${minute + 1}.${String(NEIGHBOURS.indexOf(symbol)).padStart(8, '0')}`;
  const k = {
    t,
    T: t + MINUTE_MS - 1,
    s: symbol,
    i: '1m',
    f: minute,
    L: minute + 1,
    o,
    c: o,
    h: o,
    l: o,
    v: '2.00000000',
    n: 2,
    x: true,
    q: '4.00000000',
    V: '1',
    Q: '2',
    B: '0',
  };
  const data = { e: 'kline', E: t + MINUTE_MS + 12, s: symbol, k };
  return Buffer.from(JSON.stringify({ stream: `${symbol.toLowerCase()}@kline_1m`, data }));
}

/** The exporter's way from a frame's bytes to Kafka's producer, with its own queue; what would be sent goes to `onSent`. */
export function startFramePath(onSent: (topic: string, message: OutgoingMessage) => void) {
  const coverage = new Coverage();
  const metrics = createMetrics();
  let nowMs = FIRST_OPEN_MS + MINUTE_MS + 500;
  const clock = new ExchangeClock(() => nowMs);
  const seen = { rejections: 0, longestFacts: 0, published: 0 };
  const log = {
    info: () => {},
    warn: (event: string, facts?: unknown) => {
      if (event === 'rejected') seen.rejections += 1;
      seen.longestFacts = Math.max(seen.longestFacts, JSON.stringify(facts).length);
    },
    error: (_: string, facts?: unknown) => {
      seen.longestFacts = Math.max(seen.longestFacts, JSON.stringify(facts).length);
    },
  };
  for (const symbol of ['BTCUSDT', ...NEIGHBOURS]) {
    coverage.watch(symbol, FIRST_OPEN_MS - MINUTE_MS, FIRST_OPEN_MS - MINUTE_MS, new Set());
  }
  const publisher = new CandlePublisher({
    send: async (topic, messages) => {
      for (const message of messages) onSent(topic, message);
    },
    topic: CANDLES,
    deadLetterTopic: LETTERS,
    log,
    onBatch: () => {},
    onFailure: () => {},
    onLettersLost: (letters) => metrics.deadLettersLost.inc(letters),
    now: () => nowMs,
  });
  const intake = createIntake({
    coverage,
    clock,
    publisher,
    metrics,
    log,
    onClosed: () => {},
    onHole: () => {},
    onFuture: () => {},
    now: () => nowMs,
  });
  const giveUp = new AbortController();
  const sending = publisher.run(giveUp.signal);
  return {
    intake,
    seen,
    /** Goes on to the next minute of the exchange. */
    tick: () => (nowMs += MINUTE_MS),
    /** Waits until Kafka would have taken all. */
    drained: async () => {
      while (publisher.queued + publisher.queuedDeadLetters > 0) await turn();
    },
    /** The value of an own metric over all its labels. */
    count: async (name: string): Promise<number> => {
      const metric = await metrics.registry.getSingleMetric(name)?.get();
      if (metric === undefined) throw new Error(`expected a metric, got none called ${name}`);
      return metric.values.reduce((sum, { value }) => sum + value, 0);
    },
    [Symbol.asyncDispose]: async () => {
      publisher.stop();
      await sending;
    },
  };
}

/** The candle that was sent, read back as its consumers do. */
export function candleOf({ value }: OutgoingMessage): Candle {
  const decoded = decodeCandle(Buffer.from(value));
  if (decoded.kind === 'rejected') throw new Error(`expected a candle, got ${decoded.detail}`);
  return decoded.candle;
}

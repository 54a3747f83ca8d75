import type { Candle, Rejected } from '#domain/candle.ts';
import { MINUTE_MS, rejected } from '#domain/candle.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import type { CandlePublisher } from './candle-publisher.ts';
import type { Coverage } from './coverage.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { Log } from './log.ts';
import type { ExporterMetrics } from './metrics.ts';
import { isSurelyForming } from './surely-forming.ts';

/** What a frame asks of whoever holds the socket. */
export type FrameEffect = 'none' | 'shutdown' | 'subscribe-refused';

export interface IntakeOptions {
  readonly coverage: Coverage;
  readonly clock: ExchangeClock;
  readonly publisher: Pick<CandlePublisher, 'offer' | 'deadLetter' | 'queued'>;
  readonly metrics: ExporterMetrics;
  readonly log: Log;
  readonly onClosed: (symbol: string) => void;
  readonly onHole: () => void;
  /** A candle claims to be of a minute that has not come: the exchange's own clock decides, and REST has the minute if it has. */
  readonly onFuture: (symbol: string) => void;
  readonly now?: () => number;
}

/** A closed candle lies in the past of the exchange's clock; ours may lag behind it by this much. */
const MAX_AHEAD_MS = 10 * MINUTE_MS;

export type Intake = ReturnType<typeof createIntake>;

/** From bytes to the publish queue: the one way in for stream and backfill alike. */
export function createIntake(options: IntakeOptions) {
  const { coverage, clock, publisher, metrics, log, onClosed, onHole, onFuture, now = Date.now } = options;
  let paused = false;
  let frames = 0;
  const published = { websocket: 0, rest: 0 };

  function onFrame(bytes: Buffer): FrameEffect {
    frames += 1;
    if (isSurelyForming(bytes)) return 'none';
    const frame = readStreamFrame(bytes, now());
    switch (frame.kind) {
      case 'forming':
        return 'none';
      case 'closed':
        takeLive(frame.candle, frame.openMs, bytes);
        return 'none';
      case 'shutdown':
        return 'shutdown';
      case 'reply':
        if (frame.error === undefined) return 'none';
        log.error('subscribe-refused', { reason: frame.error });
        return 'subscribe-refused';
      case 'rejected':
        reject(frame, 'websocket');
        return 'none';
    }
  }

  function takeLive(candle: Candle, openMs: number, bytes: Buffer): void {
    const { symbol } = candle;
    if (!coverage.has(symbol)) {
      reject(rejected('unknown-event', 'a symbol that is not subscribed', bytes), 'websocket');
      return;
    }
    const limitMs = clock.nowMs() + MAX_AHEAD_MS;
    if (openMs > limitMs) {
      const detail = `expected openTime before ${new Date(limitMs).toISOString()}, got ${candle.openTime}`;
      reject(rejected('broken-rule', detail, bytes), 'websocket');
      onFuture(symbol);
      return;
    }
    const taken = coverage.take(candle, openMs);
    clock.seenClosed(openMs + MINUTE_MS - 1);
    onClosed(symbol);
    if (taken.kind === 'duplicate') {
      metrics.duplicates.inc();
      return;
    }
    if (taken.kind === 'correction') metrics.corrections.inc();
    if (taken.kind === 'new' && taken.holeFound > 0) {
      metrics.holesFound.inc(taken.holeFound);
      log.warn('hole-found', { symbol, before: candle.openTime, minutes: taken.holeFound });
      onHole();
    }
    if (taken.kind === 'new' && taken.filled) metrics.holesFilled.inc();
    if (publish(candle)) published.websocket += 1;
  }

  /** A candle from REST for a minute that is missing. */
  function takeFilled(candle: Candle): void {
    if (coverage.take(candle).kind !== 'new') return;
    if (!publish(candle)) return;
    published.rest += 1;
    metrics.holesFilled.inc();
  }

  function publish(candle: Candle): boolean {
    if (publisher.offer(candle)) {
      if (paused) log.info('intake-resumed', { queued: publisher.queued });
      paused = false;
      return true;
    }
    if (!paused)
      log.error('intake-paused', {
        queued: publisher.queued,
        reason: 'Kafka does not take candles: the hole is filled afterwards',
      });
    paused = true;
    coverage.giveBack(candle);
    metrics.holesFound.inc();
    return false;
  }

  function reject(frame: Rejected, origin: string): void {
    metrics.rejected.inc({ reason: frame.reason });
    log.warn('rejected', { reason: frame.reason, detail: frame.detail, origin, bytes: frame.raw.length });
    if (!publisher.deadLetter(frame, origin)) metrics.deadLettersLost.inc();
  }

  /** Frames that were not even handed over, as they are surely of candles still forming. */
  function onForming(passed: number): void {
    frames += passed;
  }

  return {
    onFrame,
    onForming,
    takeFilled,
    reject,
    /** Candles on their way into Kafka, by where they came from. */
    published: published as Readonly<typeof published>,
    /** How many came, whatever was in them. */
    get frames() {
      return frames;
    },
  };
}

import type { Decoded } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import type { CandlePublisher } from './candle-publisher.ts';
import type { Coverage, Hole } from './coverage.ts';
import type { ApiResult, ExchangeApi } from './exchange-api.ts';
import { PAGE_MINUTES } from './exchange-api.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { Intake } from './intake.ts';
import type { Log } from './log.ts';
import { RestingMinutes } from './resting-minutes.ts';
import { pause, settledOrAborted } from './waiting.ts';

export interface HoleFillerOptions {
  readonly coverage: Coverage;
  readonly api: ExchangeApi;
  readonly clock: ExchangeClock;
  readonly publisher: Pick<CandlePublisher, 'room'>;
  readonly intake: Pick<Intake, 'takeFilled' | 'reject'>;
  readonly log: Log;
  readonly onFound: (minutes: number) => void;
  readonly onLeft: (minutes: number) => void;
  /** Holes older than this are left to the archive. */
  readonly keepMs: number;
  readonly pollMs?: number;
}

/** A minute this fresh is still on its way over the stream; candles were recorded up to 2 s after their close. */
const SETTLE_MS = 5000;

/** Requests side by side; the weight limit is what holds them back. */
const PARALLEL = 6;

/** Holes taken on before looking again for newer ones. */
const ROUND = 48;

/** Fills what is missing from REST, the newest hole first, beside the live stream. */
export class HoleFiller {
  readonly #options: HoleFillerOptions;
  readonly resting = new RestingMinutes();
  readonly #resync = new Set<string>();
  readonly #firstMinute = new Map<string, number>();
  #wake = Promise.withResolvers<void>();

  constructor(options: HoleFillerOptions) {
    this.#options = options;
  }

  /** Something may be missing now. */
  wake(): void {
    this.#wake.resolve();
  }

  /** The stream of these symbols was away: every minute the exchange has closed by now is expected. */
  resync(symbols: Iterable<string>): void {
    for (const symbol of symbols) this.#resync.add(symbol);
    if (this.#resync.size > 0) this.wake();
  }

  forget(symbol: string): void {
    this.resting.forget(symbol);
    this.#resync.delete(symbol);
    this.#firstMinute.delete(symbol);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { coverage, log, pollMs = 5000 } = this.#options;
    while (!signal.aborted) {
      this.resting.clean((symbol, openMs) => coverage.isMissing(symbol, openMs));
      if (coverage.missingCount() > 0 || this.#resync.size > 0) {
        const pauseMs = await this.#round(signal).catch((error: unknown) => {
          if (signal.aborted) return 0;
          throw error;
        });
        if (pauseMs > 0) {
          log.info('backfill-waiting', { pauseMs: Math.round(pauseMs), missing: coverage.missingCount() });
          await pause(pauseMs, signal);
          continue;
        }
      }
      const timer = setTimeout(() => this.wake(), pollMs);
      await settledOrAborted(this.#wake.promise, signal);
      clearTimeout(timer);
      this.#wake = Promise.withResolvers();
    }
  }

  /** One look at the exchange's clock, then the newest holes; returns how long the exchange wants to be left alone. */
  async #round(signal: AbortSignal): Promise<number> {
    const { api, clock, coverage, publisher } = this.#options;
    const time = await api.time(signal);
    if (time.kind !== 'ok') return pauseOf(time);
    const { serverMs, sentMs, receivedMs } = time.value;
    clock.measured(serverMs, sentMs, receivedMs);
    this.#expectClosed(serverMs);
    this.#leaveOld(serverMs);

    const nowMs = performance.now();
    // By the clock of before the request: a row that was still forming then is no candle yet.
    const due = this.resting.without(coverage.holes(), nowMs, serverMs - SETTLE_MS);
    const queue = due.slice(0, ROUND);
    let pauseMs = 0;
    /** False when this round is over. */
    const fillNext = async (): Promise<boolean> => {
      const hole = pauseMs === 0 ? queue.shift() : undefined;
      if (hole === undefined) return false;
      await publisher.room(signal);
      pauseMs = Math.max(pauseMs, await this.#fill(hole, signal));
      return true;
    };
    const worker = async () => {
      for (let more = true; more;) more = await fillNext();
    };
    // One goes ahead: an exchange that refuses is asked once, not six times at the same moment.
    await fillNext();
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    if (due.length > 0) this.wake();
    return pauseMs;
  }

  #expectClosed(serverMs: number): void {
    const { coverage, onFound } = this.#options;
    const closedMs = Math.floor(serverMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    for (const symbol of this.#resync)
      if (coverage.has(symbol)) onFound(coverage.expectUpTo(symbol, closedMs));
    this.#resync.clear();
  }

  #leaveOld(serverMs: number): void {
    const { coverage, keepMs, log, onLeft } = this.#options;
    for (const { symbol, fromMs, toMs } of coverage.holes()) {
      if (fromMs >= serverMs - keepMs) continue;
      const left = coverage.strike(symbol, minutesOf(fromMs, Math.min(toMs, serverMs - keepMs)));
      log.warn('hole-left-to-archive', { symbol, from: new Date(fromMs), minutes: left });
      onLeft(left);
    }
  }

  /** Fills a hole page by page, oldest first, so that the metrics store sees its samples in order. */
  async #fill(hole: Hole, signal: AbortSignal): Promise<number> {
    for (let fromMs = hole.fromMs; fromMs <= hole.toMs; fromMs += PAGE_MINUTES * MINUTE_MS) {
      const toMs = Math.min(hole.toMs, fromMs + (PAGE_MINUTES - 1) * MINUTE_MS);
      const page = await this.#options.api.klines(hole.symbol, fromMs, toMs, signal);
      if (page.kind === 'unavailable') return page.retryAfterMs;
      if (page.kind === 'refused') {
        this.#options.log.warn('backfill-refused', {
          symbol: hole.symbol,
          code: page.code,
          reason: page.message,
        });
      } else {
        this.#takePage(hole.symbol, fromMs, toMs, page.value);
      }
      const pauseMs = await this.#restMissing({ symbol: hole.symbol, fromMs, toMs }, signal);
      if (pauseMs > 0) return pauseMs;
    }
    return 0;
  }

  #takePage(symbol: string, fromMs: number, toMs: number, rows: readonly Decoded[]): void {
    const { coverage, intake } = this.#options;
    for (const row of rows) {
      if (row.kind === 'rejected') {
        intake.reject(row, 'rest');
        continue;
      }
      const openMs = Date.parse(row.candle.openTime);
      if (openMs < fromMs || openMs > toMs || !coverage.isMissing(symbol, openMs)) continue;
      intake.takeFilled(row.candle);
    }
  }

  /** What the exchange does not have either stays open, is asked for ever more seldom, and is never made up. */
  async #restMissing(hole: Hole, signal: AbortSignal): Promise<number> {
    const { api, coverage, log } = this.#options;
    const missing = minutesOf(hole.fromMs, hole.toMs).filter((at) => coverage.isMissing(hole.symbol, at));
    if (missing.length === 0) return 0;
    if (!this.#firstMinute.has(hole.symbol)) {
      const first = await api.firstMinute(hole.symbol, signal);
      if (first.kind === 'unavailable') return first.retryAfterMs;
      if (first.kind === 'ok' && first.value !== undefined) this.#firstMinute.set(hole.symbol, first.value);
    }
    const listedMs = this.#firstMinute.get(hole.symbol) ?? -Infinity;
    const unlisted = coverage.strike(
      hole.symbol,
      missing.filter((at) => at < listedMs),
    );
    const open = missing.filter((at) => at >= listedMs);
    if (unlisted > 0) log.info('hole-before-listing', { symbol: hole.symbol, minutes: unlisted });
    if (open.length === 0) return 0;
    if (this.resting.rest(hole.symbol, open, performance.now())) {
      log.warn('hole-at-exchange', {
        symbol: hole.symbol,
        from: new Date(open[0] ?? 0),
        minutes: open.length,
      });
    }
    return 0;
  }
}

function minutesOf(fromMs: number, toMs: number): readonly number[] {
  return Array.from(
    { length: Math.floor((toMs - fromMs) / MINUTE_MS) + 1 },
    (_, i) => fromMs + i * MINUTE_MS,
  );
}

function pauseOf(result: Exclude<ApiResult<unknown>, { kind: 'ok' }>): number {
  return result.kind === 'unavailable' ? result.retryAfterMs : 30_000;
}

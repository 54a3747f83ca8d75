import { MINUTE_MS } from '#domain/candle.ts';
import { backoffMs } from './backoff.ts';
import type { Coverage } from './coverage.ts';
import { EnvironmentError } from '#domain/environment.ts';
import type { ExporterConfig, SymbolSpec } from './env.ts';
import type { ExchangeApi } from './exchange-api.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import type { HoleFiller } from './hole-filler.ts';
import type { Hosts } from './hosts.ts';
import { RefusedReadError } from './kafka-cursor.ts';
import type { Acknowledged } from './kafka-cursor.ts';
import type { Log } from './log.ts';
import { describeError } from './log.ts';
import type { MarketStreams } from './market-streams.ts';
import type { ExporterMetrics } from './metrics.ts';
import { resolveUniverse } from './universe.ts';
import type { Universe } from './universe.ts';
import { pause, settledOrAborted } from './waiting.ts';

export interface WatchListOptions {
  readonly config: Pick<ExporterConfig, 'symbols' | 'backfillLookbackMs'>;
  readonly api: Pick<ExchangeApi, 'time' | 'listings' | 'quoteVolumes'>;
  readonly coverage: Coverage;
  readonly clock: ExchangeClock;
  readonly streams: Pick<MarketStreams, 'add' | 'remove'>;
  readonly filler: Pick<HoleFiller, 'wake' | 'forget'>;
  readonly metrics: ExporterMetrics;
  readonly log: Log;
  readonly restHosts: Hosts;
  /** What Kafka holds since a time (ms since 1970, by the record's own stamp). */
  readonly readAcknowledged: (sinceMs: number) => Promise<Acknowledged>;
  readonly refreshMs?: number;
  /** How long a symbol has to be away before it leaves. */
  readonly leaveAfterMs?: number;
}

const REFRESH_MS = 3_600_000;
const RETRY = { baseMs: 1000, capMs: 60_000 } as const;

/** Records may be stamped this much earlier than we think, by a clock that is off or a publish that was slow. */
const CURSOR_MARGIN_MS = 10 * MINUTE_MS;

/** What was missed in a stop longer than this is the archive's. */
const LONGEST_STOP_MS = 24 * 60 * MINUTE_MS;

/** REST tries before a plain list of names is believed without the exchange's word: live data must not wait for REST. */
const TRIES_FOR_LIST = 3;
/** And the longest wait for REST before going on without it: a ban can last for days, and is none on the stream. */
const LONGEST_WAIT_MS = 5000;

/** While the exchange has not said what trades, or something watched does not, it is asked again this soon. */
const UNSETTLED_REFRESH_MS = 60_000;

/** A halt of minutes and a maintenance look like a delisting at first: nothing leaves before. */
const LEAVE_AFTER_MS = 10 * MINUTE_MS;

/**
 * Watches what the configuration asks for, as the exchange lists it now and again every hour. Rejects with an
 * EnvironmentError if at the start nothing of it trades, and with a RefusedReadError.
 */
export async function keepUniverse(options: WatchListOptions, signal: AbortSignal): Promise<void> {
  const { restHosts, refreshMs = REFRESH_MS } = options;
  /** Symbol to when it was first seen not to trade, on the monotonic clock; undefined while it does. */
  const watched = new Map<string, number | undefined>();
  for (let first = true; !signal.aborted; first = false) {
    restHosts.reset();
    let settled = false;
    try {
      const universe = await resolve(options, first, signal);
      if (first && universe?.symbols.length === 0) throw nothingTrades(options.config.symbols, universe);
      if (universe) await apply(options, watched, universe, signal);
      settled = universe !== undefined && universe.absent !== UNKNOWN;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    settled &&= watched.size > 0 && [...watched.values()].every((away) => away === undefined);
    await pause(settled ? refreshMs : Math.min(refreshMs, UNSETTLED_REFRESH_MS), signal);
  }
}

/** Stands for what the exchange did not tell. */
const UNKNOWN: Universe['absent'] = new Map();

function nothingTrades(spec: SymbolSpec, { absent }: Universe): EnvironmentError {
  const got =
    spec.kind === 'list'
      ? [...absent].map(([symbol, status]) => `${symbol} (${status})`).join(', ')
      : `none quoted in ${spec.quoteAsset}`;
  return new EnvironmentError(`SYMBOLS: expected symbols that trade at the exchange, got ${got}`);
}

async function resolve(
  options: WatchListOptions,
  first: boolean,
  signal: AbortSignal,
): Promise<Universe | undefined> {
  const { config, api, log } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    const result = await resolveUniverse(config.symbols, api, signal);
    if (result.kind === 'ok') {
      for (const [symbol, status] of result.value.absent) log.warn('symbol-not-trading', { symbol, status });
      return result.value;
    }
    const reason = result.kind === 'refused' ? `${result.code} ${result.message}` : result.reason;
    log.warn('symbols-unresolved', { reason });
    if (!first) return undefined;
    const pauseMs = result.kind === 'unavailable' ? result.retryAfterMs : backoffMs(attempt, RETRY);
    const waitedEnough = attempt + 1 >= TRIES_FOR_LIST || pauseMs > LONGEST_WAIT_MS;
    if (config.symbols.kind === 'list' && waitedEnough) {
      const { symbols } = config.symbols;
      return { symbols, trading: new Set(symbols), absent: UNKNOWN };
    }
    await pause(pauseMs, signal);
  }
  return undefined;
}

async function apply(
  options: WatchListOptions,
  watched: Map<string, number | undefined>,
  universe: Universe,
  signal: AbortSignal,
): Promise<void> {
  const { streams, coverage, filler, log } = options;
  const joining = universe.symbols.filter((symbol) => !watched.has(symbol));
  const leaving = whoLeaves(options, watched, universe);
  if (leaving.length > 0) {
    await streams.remove(leaving);
    for (const symbol of leaving) {
      const missing = coverage.forget(symbol);
      filler.forget(symbol);
      watched.delete(symbol);
      log.info('symbol-left', { symbol, missingMinutes: missing });
    }
  }
  if (joining.length === 0) return;
  await coverFromKafka(options, joining, signal);
  for (const symbol of joining) watched.set(symbol, undefined);
  log.info('symbols-joined', { count: joining.length, first: joining.slice(0, 10) });
  await streams.add(joining);
  filler.wake();
}

/** Those that trade but are not wanted any more, and those that have not traded for long enough. */
function whoLeaves(
  { log, leaveAfterMs = LEAVE_AFTER_MS }: WatchListOptions,
  watched: Map<string, number | undefined>,
  { symbols, trading }: Universe,
): readonly string[] {
  const wanted = new Set(symbols);
  const now = performance.now();
  return [...watched].flatMap(([symbol, awaySince]) => {
    if (trading.has(symbol)) {
      watched.set(symbol, undefined);
      return wanted.has(symbol) ? [] : [symbol];
    }
    if (awaySince === undefined) log.warn('symbol-away', { symbol, leavesInMs: leaveAfterMs });
    watched.set(symbol, awaySince ?? now);
    return now - (awaySince ?? now) >= leaveAfterMs ? [symbol] : [];
  });
}

/** The cursor is Kafka: what it acknowledged within the lookback is covered, every other closed minute is a hole. */
async function coverFromKafka(
  options: WatchListOptions,
  symbols: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { api, clock, config, coverage, log, metrics } = options;
  // Without the exchange's time the local clock has to do; a hole that it misses shows itself with the next candle.
  const patience = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const time = await api.time(patience).catch((error: unknown) => {
    if (!patience.aborted) throw error;
  });
  if (time?.kind === 'ok') clock.measured(time.value.serverMs, time.value.sentMs, time.value.receivedMs);
  const nowMs = clock.nowMs();
  const headMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const fromMs = Math.ceil((nowMs - config.backfillLookbackMs) / MINUTE_MS) * MINUTE_MS;
  const sinceMs = Math.min(nowMs, Date.now()) - config.backfillLookbackMs - CURSOR_MARGIN_MS;
  const acknowledged = await readWithRetries(options, sinceMs, signal);
  let missing = 0;
  for (const symbol of symbols) {
    const held = acknowledged.get(symbol) ?? new Set();
    missing += coverage.watch(symbol, continueFrom(held, fromMs), headMs, held);
  }
  metrics.holesFound.inc(missing);
  log.info('coverage', {
    symbols: symbols.length,
    from: new Date(fromMs),
    to: new Date(headMs),
    missingMinutes: missing,
  });
}

/** After a stop longer than the lookback the hole begins where Kafka ends: the lookback is for what it never held. */
function continueFrom(held: ReadonlySet<number>, fromMs: number): number {
  const before = [...held].filter((openMs) => openMs < fromMs);
  return before.length === 0
    ? fromMs
    : Math.min(fromMs, Math.max(Math.max(...before) + MINUTE_MS, fromMs - LONGEST_STOP_MS));
}

async function readWithRetries(
  options: WatchListOptions,
  sinceMs: number,
  signal: AbortSignal,
): Promise<Acknowledged> {
  const { readAcknowledged, log } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      const acknowledged = await settledOrAborted(readAcknowledged(sinceMs), signal);
      if (acknowledged) return acknowledged;
    } catch (error) {
      if (error instanceof RefusedReadError) throw error;
      log.warn('cursor-unread', { reason: describeError(error) });
      await pause(backoffMs(attempt, RETRY), signal);
    }
    signal.throwIfAborted();
  }
}

/** What a ban or a rate limit without `Retry-After` is taken to mean; Binance's shortest ban is 2 minutes. */
const DEFAULT_PAUSE_MS: Readonly<Record<number, number>> = { 429: 60_000, 418: 120_000, 403: 60_000 };

/** Binance's longest ban. A longer wait is a broken answer, and one of over 24 days would be none: timers then end at once. */
const MAX_PAUSE_MS = 3 * 24 * 3_600_000;

/** For how long an answer with this status asks to be left alone; 0 where it asks for nothing. */
export function askedPauseMs(status: number, retryAfter: string | null | undefined, nowMs: number): number {
  return Math.min(MAX_PAUSE_MS, retryAfterMs(retryAfter, nowMs) ?? DEFAULT_PAUSE_MS[status] ?? 0);
}

/** `Retry-After` is a number of seconds, or by HTTP's own rules a date. */
function retryAfterMs(header: string | null | undefined, nowMs: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** Binance's longest ban. A longer wait is a broken answer, and one of over 24 days would be none: timers then end at once. */
const MAX_PAUSE_MS = 3 * 24 * 3_600_000;

/** What `Retry-After` (seconds, or by HTTP's own rules a date) asks for; `otherwise` where there is none. */
export function retryAfterMs(response: Response, otherwise: number): number {
  const header = response.headers.get('retry-after')?.trim() ?? '';
  if (header === '') return otherwise;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return clamp(seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? otherwise : clamp(date - Date.now());
}

function clamp(ms: number): number {
  return Math.min(MAX_PAUSE_MS, Math.max(0, ms));
}

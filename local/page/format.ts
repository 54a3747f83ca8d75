/** One way of writing numbers whatever the browser's language, so that a price can be compared and searched for. */
const LOCALE = 'en-US';

export function formatPrice(value: string | number, decimals: number): string {
  return new Intl.NumberFormat(LOCALE, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(Number(value));
}

/** Four digits that matter: `1.234M`, `12.34`, `0.001234`. */
export function formatAmount(value: number): string {
  const compact = Math.abs(value) >= 10_000;
  return new Intl.NumberFormat(LOCALE, {
    maximumSignificantDigits: Math.abs(value) >= 1000 && !compact ? 6 : 4,
    notation: compact ? 'compact' : 'standard',
  }).format(value);
}

export function formatCount(value: number): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 }).format(value);
}

export type Direction = 'up' | 'down' | 'flat';

/** A share of change with its sign; what rounds to nothing is flat, never `-0.00%`. */
export function formatRatio(ratio: number): { readonly text: string; readonly direction: Direction } {
  const percent = Number((ratio * 100).toFixed(2));
  const digits = Math.abs(percent).toFixed(2);
  if (percent === 0) return { text: `${digits}%`, direction: 'flat' };
  return percent > 0 ? { text: `+${digits}%`, direction: 'up' } : { text: `−${digits}%`, direction: 'down' };
}

export function formatSigned(value: number, decimals: number): string {
  const digits = formatPrice(Math.abs(value), decimals);
  if (value === 0) return digits;
  return value > 0 ? `+${digits}` : `−${digits}`;
}

/** An age in whole seconds and up; one that is negative, by a clock that is behind, is 0. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 10 ? `${seconds} s` : formatDuration(seconds);
}

/** A duration in its fitting unit: `4 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. Negative ones keep their sign. */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const span = Math.abs(seconds);
  if (span < 0.9995) return `${sign}${formatMilliseconds(span * 1000)} ms`;
  if (span < 9.95) return `${sign}${span.toFixed(1)} s`;
  const whole = Math.round(span);
  if (whole < 120) return `${sign}${whole} s`;
  if (whole < 7200) return sign + twoUnits(whole, 'min', 's');
  return sign + twoUnits(Math.round(span / 60), 'h', 'min');
}

function twoUnits(small: number, largeName: string, smallName: string): string {
  const rest = small % 60;
  return `${Math.floor(small / 60)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

function formatMilliseconds(value: number): string {
  return value === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
}

/** Hours, minutes and, if asked, seconds; UTC, as the exchange counts. */
export function formatTime(timeMs: number, withSeconds = false): string {
  return new Date(timeMs).toISOString().slice(11, withSeconds ? 19 : 16);
}

/** `2026-01-02 03:04`, UTC. */
export function formatDateTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** The quote assets whose names end a pair's name; anything else is shown unsplit rather than guessed. */
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'EUR', 'TRY', 'BRL', 'JPY'] as const;

export function assetsOf(symbol: string): { readonly base: string; readonly quote: string } | undefined {
  const quote = QUOTES.find((name) => symbol.endsWith(name) && symbol.length > name.length);
  return quote && { base: symbol.slice(0, -quote.length), quote };
}

/** The replay exchange's own pairs, made from a recorded one to have many. */
export function isDerived(symbol: string): boolean {
  return /^DRV\d/.test(symbol);
}

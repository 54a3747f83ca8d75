const DAY_MS = 86_400_000;

/** How a place on a time axis is written: as much as tells it from its neighbours, in 24 hours. */
export function timeTick(timeMs: number, stepMs: number, spanMs: number, timeZone: string): string {
  const [date = '', time = ''] = formatter(timeZone).format(timeMs).split(' ');
  if (stepMs < 60_000) return time;
  if (spanMs <= DAY_MS) return time.slice(0, 5);
  if (stepMs < DAY_MS) return `${date.slice(5)} ${time.slice(0, 5)}`;
  return spanMs < 365 * DAY_MS ? date.slice(5) : date.slice(0, 7);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  // Sweden's way of writing a time is that of ISO 8601.
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formatters.set(timeZone, made);
  return made;
}

/** `2026-01-02 03:04:05`. */
export function writtenTime(timeMs: number, timeZone: string): string {
  return formatter(timeZone).format(timeMs);
}

/**
 * The values of an axis as text: with the decimals of its step, and with more where two neighbours would read the
 * same, as prices far from zero do when they are written in thousands.
 */
export function valueTicks(
  values: readonly number[],
  step: number,
  write: (value: number, decimals: number | undefined) => string,
): string[] {
  const ofStep = decimalsOf(step);
  let texts = values.map((value) => write(value, ofStep > 0 ? ofStep : undefined));
  for (let decimals = 1; decimals <= MOST_DECIMALS && new Set(texts).size < values.length; decimals++) {
    texts = values.map((value) => write(value, decimals));
  }
  return texts;
}

const MOST_DECIMALS = 8;

function decimalsOf(step: number): number {
  const [, decimals = ''] = /\.(\d+)$/u.exec(String(Number(step.toFixed(6)))) ?? [];
  return decimals.length;
}

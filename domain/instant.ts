const MINUTE_MS = 60_000;

/**
 * Milliseconds since 1970 to the message's time format. Throws a RangeError outside JavaScript's range of dates.
 * A candle has four of them, and all that is read at a time lies in a few minutes: writing each date anew was a third of
 * decoding a candle.
 */
export function toInstant(epochMs: number): string {
  const ms = Math.trunc(epochMs);
  const minute = Math.floor(ms / MINUTE_MS);
  const inMinute = ms - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1000);
  return `${textOf(minute)}${SECONDS[second]}${MILLISECONDS[inMinute - second * 1000]}`;
}

/** As `2026-11-22T23:59:`. */
function textOf(minute: number): string {
  const known = texts.get(minute);
  if (known !== undefined) return known;
  const text = new Date(minute * MINUTE_MS).toISOString().slice(0, -'00.000Z'.length);
  if (texts.size >= MOST_KNOWN) texts.clear();
  texts.set(minute, text);
  return text;
}

const texts = new Map<number, string>();
const MOST_KNOWN = 1000;

const SECONDS = Array.from({ length: 60 }, (_, second) => `${String(second).padStart(2, '0')}.`);
const MILLISECONDS = Array.from({ length: 1000 }, (_, ms) => `${String(ms).padStart(3, '0')}Z`);

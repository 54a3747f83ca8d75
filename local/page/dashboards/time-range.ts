/** As the address holds them: `now-3h`, `now/d`, ms since 1970, or a time in ISO 8601. */
export interface RawRange {
  readonly from: string;
  readonly to: string;
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Undefined for a range that can't be read, or that ends before it begins. */
export function resolveRange({ from, to }: RawRange, nowMs: number): TimeRange | undefined {
  const fromMs = parseTime(from, nowMs, 'start');
  const toMs = parseTime(to, nowMs, 'end');
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) return undefined;
  return { fromMs, toMs };
}

type Unit = 's' | 'm' | 'h' | 'd' | 'w' | 'M' | 'y';

/** In Grafana's words. Days and longer are those of the local time zone; `/d` rounds to the day's start or end. */
export function parseTime(text: string, nowMs: number, edge: 'start' | 'end'): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const relative = /^now(?:([+-])(\d{1,6})([smhdwMy]))?(?:\/([smhdwMy]))?$/.exec(text);
  if (!relative) {
    const ms = /^\d{4}-/.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
    return Number.isNaN(ms) ? undefined : ms;
  }
  const [, sign, count = '0', unit = 's', round] = relative;
  const amount = Number(count) * (sign === '-' ? -1 : 1);
  const moved = shift(new Date(nowMs), amount, unit as Unit); // the pattern has only these
  if (round === undefined) return moved.getTime();
  const start = startOf(moved, round as Unit); // as above
  return edge === 'start' ? start.getTime() : shift(start, 1, round as Unit).getTime() - 1;
}

function shift(from: Date, amount: number, unit: Unit): Date {
  const date = new Date(from);
  switch (unit) {
    case 's':
    case 'm':
    case 'h':
      date.setTime(date.getTime() + amount * SHORT[unit]);
      break;
    case 'd':
      date.setDate(date.getDate() + amount);
      break;
    case 'w':
      date.setDate(date.getDate() + amount * 7);
      break;
    case 'M':
      date.setMonth(date.getMonth() + amount);
      break;
    case 'y':
      date.setFullYear(date.getFullYear() + amount);
      break;
  }
  return date;
}

const SHORT = { s: 1000, m: 60_000, h: 3_600_000 } as const;

function startOf(from: Date, unit: Unit): Date {
  const date = new Date(from);
  if (unit === 's') date.setMilliseconds(0);
  else if (unit === 'm') date.setSeconds(0, 0);
  else if (unit === 'h') date.setMinutes(0, 0, 0);
  else date.setHours(0, 0, 0, 0);
  if (unit === 'w') date.setDate(date.getDate() - date.getDay());
  if (unit === 'M' || unit === 'y') date.setDate(1);
  if (unit === 'y') date.setMonth(0);
  return date;
}

/** What the picker offers, in its order. */
export const QUICK_RANGES: readonly RawRange[] = [
  '5m',
  '15m',
  '30m',
  '1h',
  '3h',
  '6h',
  '12h',
  '24h',
  '2d',
  '7d',
  '30d',
].map((span) => ({ from: `now-${span}`, to: 'now' }));

const NAMES: Readonly<Record<string, string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
};

/** In words for people; `formatTime` writes what is absolute. */
export function describeRange({ from, to }: RawRange, formatTime: (timeMs: number) => string): string {
  const [, count, unit = ''] = /^now-(\d+)([smhdwMy])$/.exec(from) ?? [];
  if (count !== undefined && to === 'now') {
    return `Last ${count} ${NAMES[unit] ?? ''}${count === '1' ? '' : 's'}`;
  }
  const written = (text: string) => {
    const ms = text.startsWith('now') ? undefined : parseTime(text, 0, 'start');
    return ms === undefined ? text : formatTime(ms);
  };
  return `${written(from)} to ${written(to)}`;
}

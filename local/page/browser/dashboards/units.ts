/** A number as it is written: `prefix`, `text` and `suffix` joined; the suffix bears its own space. */
export interface Formatted {
  readonly text: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

type Decimals = number | undefined;
type Format = (value: number, decimals: Decimals, nowMs: number) => Formatted;

/**
 * Writes numbers of a unit as Grafana does (packages/grafana-data/src/valueFormats). Throws for a unit that no panel
 * of ours has used yet.
 */
export function formatOf(unit: string): (value: number, decimals?: Decimals, nowMs?: number) => Formatted {
  const format = FORMATS.get(unit) ?? customFormat(unit);
  if (!format) {
    throw new Error(
      `unit: expected one of ${[...FORMATS.keys()].join(', ')}, got ${unit}: write it in units.ts`,
    );
  }
  return (value, decimals, nowMs = Date.now()) => {
    if (Number.isNaN(value)) return { text: 'NaN' };
    if (!Number.isFinite(value)) return { text: value > 0 ? '∞' : '-∞' };
    return format(value, decimals, nowMs);
  };
}

export function written({ prefix = '', text, suffix = '' }: Formatted): string {
  return `${prefix}${text}${suffix}`;
}

/** The same without zeros at the end, as Grafana writes where a field fixes no decimals. */
export function withoutZeros(formatted: Formatted): Formatted {
  const { text } = formatted;
  return /^-?\d+\.\d+$/u.test(text) ? { ...formatted, text: text.replace(/\.?0+$/u, '') } : formatted;
}

/** As many decimals as asked; otherwise what Grafana gives a number by its magnitude, without zeros at the end. */
function toFixed(value: number, decimals: Decimals): string {
  if (decimals !== undefined) return withoutNegativeZero(value.toFixed(clamped(decimals)));
  return withoutNegativeZero(String(Number(value.toFixed(automaticDecimals(value)))));
}

/** Three digits that matter, two of a negative number: Grafana compares the signed number with its bound. */
function automaticDecimals(value: number): number {
  if (value % 1 === 0) return 0;
  return clamped((value < 0 ? 1 : 2) - Math.floor(Math.log10(Math.abs(value))));
}

function clamped(decimals: number): number {
  return Math.min(20, Math.max(0, decimals));
}

function withoutNegativeZero(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text;
}

function fixed(suffix = ''): Format {
  return (value, decimals) => ({ text: toFixed(value, decimals), suffix });
}

/** The largest of ever larger units of which there is at least one; `suffixes` begin with that of the value itself. */
function scaled(factor: number, suffixes: readonly string[], prefix = ''): Format {
  return (value, decimals) => {
    const size = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / Math.log10(factor) + 1e-12);
    const step = Math.min(Math.max(size, 0), suffixes.length - 1);
    return { prefix, text: toFixed(value / factor ** step, decimals), suffix: suffixes[step] ?? '' };
  };
}

function percent(factor: number): Format {
  return (value, decimals) => ({ text: toFixed(value * factor, decimals), suffix: '%' });
}

/** Spans of time: each unit holds from its own length on; those below one are of thousandths. */
function span(secondsPerOne: number, smallestSeconds: number): Format {
  const units = SPANS.filter(([seconds]) => seconds >= smallestSeconds);
  return (value, decimals) => {
    const seconds = value * secondsPerOne;
    const own = units.find(([length]) => length === secondsPerOne);
    const unit = value === 0 ? own : units.find(([length]) => Math.abs(seconds) >= length);
    const [length, suffix] = unit ?? units.at(-1) ?? [secondsPerOne, ''];
    return { text: toFixed(seconds / length, decimals), suffix: ` ${suffix}` };
  };
}

const SPANS: readonly (readonly [seconds: number, name: string])[] = [
  [31_536_000, 'year'],
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'min'],
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
  [1e-9, 'ns'],
];

/** A time in milliseconds since 1970, in UTC as all times of the page. */
function dateTime(length: number): Format {
  return (value) => ({ text: new Date(value).toISOString().slice(0, length).replace('T', ' ') });
}

/** The words of moment.js, which Grafana uses. */
function fromNow(valueMs: number, _: Decimals, nowMs: number): Formatted {
  const seconds = Math.round(Math.abs(nowMs - valueMs) / 1000);
  const minutes = Math.round(seconds / 60);
  const hours = Math.round(seconds / 3_600);
  const days = Math.round(seconds / 86_400);
  const words =
    seconds < 45
      ? 'a few seconds'
      : minutes < 45
        ? counted(minutes, 'a minute', 'minutes')
        : hours < 22
          ? counted(hours, 'an hour', 'hours')
          : counted(days, 'a day', 'days');
  return { text: valueMs > nowMs ? `in ${words}` : `${words} ago` };
}

function counted(count: number, one: string, many: string): string {
  return count <= 1 ? one : `${count} ${many}`;
}

const THOUSANDS = ['', 'K', 'M', 'B', 'T'];
const perSecond = (unit: string) =>
  scaled(
    1000,
    THOUSANDS.map((size) => `${size} ${unit}`),
  );
const ofBytes = (factor: number, unit: string, sizes: readonly string[]) =>
  scaled(
    factor,
    sizes.map((size) => ` ${size}${unit}`),
  );
const DECIMAL_SIZES = ['', 'k', 'M', 'G', 'T', 'P'];

const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['none', fixed()],
  ['short', scaled(1000, ['', ' K', ' Mil', ' Bil', ' Tri', ' Quadr', ' Quint', ' Sext', ' Sept'])],
  ['sishort', scaled(1000, ['', ' k', ' M', ' G', ' T', ' P'])],
  [
    'locale',
    (value, decimals) => ({ text: value.toLocaleString('en-US', { maximumFractionDigits: decimals ?? 3 }) }),
  ],
  ['percent', percent(1)],
  ['percentunit', percent(100)],
  ['currencyUSD', scaled(1000, THOUSANDS, '$')],
  ['s', span(1, 1e-9)],
  ['ms', span(1e-3, 1e-3)],
  ['m', span(60, 60)],
  ['h', span(3_600, 3_600)],
  ['d', span(86_400, 86_400)],
  ['cps', perSecond('c/s')],
  ['ops', perSecond('ops/s')],
  ['reqps', perSecond('req/s')],
  ['rps', perSecond('rd/s')],
  ['wps', perSecond('wr/s')],
  ['mps', perSecond('msg/s')],
  ['cpm', perSecond('c/m')],
  ['opm', perSecond('ops/m')],
  ['bytes', ofBytes(1024, 'B', ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'])],
  ['decbytes', ofBytes(1000, 'B', DECIMAL_SIZES)],
  ['Bps', ofBytes(1000, 'B/s', DECIMAL_SIZES)],
  ['binBps', ofBytes(1024, 'B/s', ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'])],
  ['dateTimeAsIso', dateTime(19)],
  ['dateTimeFromNow', fromNow],
]);

/** `prefix:$`, `suffix:sigma`, `count:candles` and `currency:USDT`. */
function customFormat(unit: string): Format | undefined {
  const [, kind, name = ''] = /^(prefix|suffix|count|currency):(.*)$/u.exec(unit) ?? [];
  switch (kind) {
    case 'prefix':
      return (value, decimals) => ({ prefix: name, text: toFixed(value, decimals) });
    case 'suffix':
      return fixed(` ${name}`);
    case 'count':
      return perSecond(name);
    case 'currency':
      return scaled(1000, THOUSANDS, name);
    default:
      return undefined;
  }
}

import type { Random } from './random.ts';

/** What a setting or a parameter should not be, of any type. */
export function oddValue(random: Random): unknown {
  const value = random.pick(ODD_VALUES);
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}

/** Text that means something else to a shell, a database, a file system or an object. */
export const ODD_TEXTS = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '/etc/passwd',
  'C:\\windows',
  "'; drop table raw.candles_stream; --",
  "' or 1=1 --",
  '" or ""="',
  'BTCUSDT"} or up{job="',
  'BTCUSDT\\',
  '$(id)',
  '`id`',
  '${env:AWS_SECRET_ACCESS_KEY}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '\u0000',
  'a\u0000b',
  'a\r\nSet-Cookie: a=b',
  '\ud800',
  '٣٤',
  '币安人生USDT',
  '\u202ETDSU',
  'x'.repeat(10_000),
  'NaN',
  'Infinity',
  '1e999',
  '-1',
  '0x10',
  '9007199254740993',
  'null',
  'undefined',
  'true',
] as const;

const ODD_VALUES: readonly [unknown, ...unknown[]] = [
  ...([undefined, null, true, false, 0, -0, -1, 1.5, 1e308, Number.NaN, Infinity, 2 ** 53] as const),
  [],
  [[]],
  [null],
  {},
  { toString: null, valueOf: null },
  JSON.parse('{"__proto__":{"a":1}}'),
  { length: -1 },
  ...ODD_TEXTS,
];

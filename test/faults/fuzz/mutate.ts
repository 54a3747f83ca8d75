import type { Random } from './random.ts';

/** Breaks recorded bytes in one to four places, in ways that parsers are known to get wrong. */
export function mutate(random: Random, corpus: readonly [Buffer, ...Buffer[]]): Buffer {
  let bytes = random.pick(corpus);
  const times = 1 + random.below(4);
  for (let done = 0; done < times; done++) bytes = random.pick(WAYS)(random, bytes, corpus);
  return bytes;
}

type Way = (random: Random, bytes: Buffer, corpus: readonly [Buffer, ...Buffer[]]) => Buffer;

const WAYS: readonly [Way, ...Way[]] = [
  flipBit,
  setByte,
  removeSpan,
  putToken,
  putToken,
  replaceValue,
  replaceValue,
  replaceValue,
  repeatSpan,
  cutOff,
  spliceOther,
  renameKey,
];

function flipBit(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

function setByte(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  copy[random.below(copy.length)] = random.below(256);
  return copy;
}

function removeSpan(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8))]);
}

function putToken(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), random.pick(TOKENS), bytes.subarray(at)]);
}

/** The text after a colon or comma, up to the next delimiter: a whole JSON value or CSV column. */
function replaceValue(random: Random, bytes: Buffer): Buffer {
  const from = random.below(bytes.length + 1);
  const start = nextOf(bytes, from, isBefore);
  const end = nextOf(bytes, start + 1, isAfter);
  if (start >= bytes.length) return putToken(random, bytes);
  return Buffer.concat([bytes.subarray(0, start + 1), random.pick(VALUES), bytes.subarray(end)]);
}

function repeatSpan(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const span = bytes.subarray(at, at + 1 + random.below(24));
  return Buffer.concat([bytes.subarray(0, at), span, bytes.subarray(at)]);
}

function cutOff(random: Random, bytes: Buffer): Buffer {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function spliceOther(random: Random, bytes: Buffer, corpus: readonly [Buffer, ...Buffer[]]): Buffer {
  const other = random.pick(corpus);
  return Buffer.concat([
    bytes.subarray(0, random.below(bytes.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
}

function renameKey(random: Random, bytes: Buffer): Buffer {
  const quote = bytes.indexOf('"', random.below(bytes.length + 1));
  const end = quote < 0 ? -1 : bytes.indexOf('"', quote + 1);
  if (end < 0) return putToken(random, bytes);
  return Buffer.concat([bytes.subarray(0, quote + 1), random.pick(KEYS), bytes.subarray(end)]);
}

function nextOf(bytes: Buffer, from: number, is: (byte: number) => boolean): number {
  let at = from;
  while (at < bytes.length && !is(bytes[at] ?? 0)) at++;
  return at;
}

const isBefore = (byte: number) => byte === 0x3a || byte === 0x2c;
const isAfter = (byte: number) => byte === 0x2c || byte === 0x7d || byte === 0x5d || byte === 0x0a;

type Texts = readonly [Buffer, ...Buffer[]];
const texts = (first: string, ...rest: readonly string[]): Texts => [
  Buffer.from(first),
  ...rest.map((text) => Buffer.from(text)),
];

const KEYS = texts(
  '__proto__',
  'constructor',
  'toString',
  'e',
  'k',
  'x',
  'id',
  'result',
  'error',
  'data',
  's',
  't',
);

/** Numbers, texts and structures at or past the end of what a candle may hold. */
const VALUES = texts(
  '0',
  '-0',
  '-1',
  '1e400',
  '-1e400',
  '1e3',
  '0.1',
  '9007199254740992',
  '9007199254740993',
  '8640000000000000',
  '8640000000000001',
  '18446744073709551616',
  '253402300800000',
  '00',
  'NaN',
  'Infinity',
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '""',
  '"0"',
  '"-1"',
  '"-0.00000000"',
  '"NaN"',
  '"Infinity"',
  '"1e5"',
  '"1,5"',
  '" 1"',
  '"٣"',
  '"99999999999999999999.999999999999999999"',
  '"100000000000000000000"',
  '"0.0000000000000000001"',
  '"__proto__"',
  '"币安人生USDT"',
  String.raw`"\ud800"`,
  String.raw`"\u0000"`,
  `"'; drop table raw.candles_stream; --"`,
  '"../../etc/passwd"',
  '{"toString":null,"valueOf":null}',
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
  `"${'x'.repeat(5000)}"`,
);

const TOKENS = texts(
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  ' ',
  '\n',
  '\u0000',
  '\uFEFF',
  '"x":true,',
  '"x":false,',
  '"x":true',
  '"e":"kline",',
  '"id":1,"result":null,',
  '"error":{"code":2,"msg":"no"},',
  '"__proto__":{"x":true},',
  '"s":"BTCUSDT",',
  '"i":"5m",',
  String.raw`\u0078`,
  '/* */',
  'true',
  'false',
);

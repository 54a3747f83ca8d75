import { Buffer } from 'node:buffer';
import { varintSize, writeVarint } from './encode-write-request.ts';

/** One series' identity, with its labels already encoded, for a caller that keeps it and sends it again. */
export interface SeriesLabels {
  /** Of the bytes; with a sign, as V8 has such numbers in place, and larger ones elsewhere in memory. */
  readonly hash: number;
  /** What compressing has learnt, and nobody else's to write: behind which series this one stood last. */
  after: SeriesLabels | undefined;
  /** And what was written for it then: how many bytes, and they themselves by four. */
  difference: readonly number[];
  /** Of the bytes; here too, as they are elsewhere in memory. */
  readonly length: number;
  /** The `labels` fields of a TimeSeries message. */
  readonly bytes: Uint8Array;
  /** Tells series apart: no two label sets share one. */
  readonly key: string;
  /** As they were given: one object where pairs would be five, of which a store of many series has as many. */
  readonly byName: Readonly<Record<string, string>>;
}

type Pairs = readonly (readonly [name: string, value: string])[];

export function seriesLabels(labels: SeriesLabels['byName']): SeriesLabels {
  const pairs = pairsOf(labels);
  const bytes = encodeLabels(pairs);
  return {
    hash: hashOf(bytes),
    after: undefined,
    difference: [],
    length: bytes.length,
    bytes,
    key: pairs.flat().join('\u0000'),
    byName: labels,
  };
}

/** Whether these are the same labels; two objects may have them. */
export function areOfOneSeries(a: SeriesLabels, b: SeriesLabels): boolean {
  return a.hash === b.hash && a.key === b.key;
}

/** Sorted by name, as remote write demands. */
export function pairsOf(labels: SeriesLabels['byName']): Pairs {
  return Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Field 1 of TimeSeries for each: a Label of name (1) and value (2), both strings. */
function encodeLabels(pairs: Pairs): Uint8Array {
  const lengths = pairs.flat().map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + MOST_AROUND_TEXT, 0));
  let at = 0;
  pairs.forEach((pair, index) => {
    const [name = 0, value = 0] = [lengths[2 * index], lengths[2 * index + 1]];
    bytes[at++] = LABEL;
    at = writeVarint(bytes, at, 2 + varintSize(name) + name + varintSize(value) + value);
    bytes[at++] = NAME;
    at = writeVarint(bytes, at, name);
    at += bytes.write(pair[0], at);
    bytes[at++] = VALUE;
    at = writeVarint(bytes, at, value);
    at += bytes.write(pair[1], at);
  });
  return bytes.subarray(0, at);
}

const LABEL = (1 << 3) | 2;
const NAME = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;

/** Two tags and two lengths of at most five bytes are more than what a text has around it. */
const MOST_AROUND_TEXT = 12;

/** FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}

import { Buffer } from 'node:buffer';
import { compress } from 'snappyjs';
import type { Series } from './build-series.ts';
import {
  encodeWriteRequest,
  FIELD_1_BYTES,
  FIELD_1_FIXED64,
  FIELD_2_BYTES,
  FIELD_2_VARINT,
  varintSize,
  writeVarint,
} from './encode-write-request.ts';
import type { SeriesLabels } from './series-labels.ts';
import { differenceFrom, writeCopy, writeLiteral } from './snappy-elements.ts';
import { toFloat64 } from './to-float64.ts';

/**
 * A WriteRequest in snappy's block format, as remote write wants it.
 *
 * The usual request has one sample of each series. Its bytes are known but for values and times, and so is what each
 * series repeats of the one before it: that is looked for once, not for every request, and the plain bytes are never
 * written at all. Any other request is encoded and then compressed.
 */
export function compressWriteRequest(series: readonly Series[]): Uint8Array {
  return compressUsual(series) ?? compress(encodeWriteRequest(series));
}

function compressUsual(series: readonly Series[]): Uint8Array | undefined {
  let [size, at] = [0, MOST_PREAMBLE_BYTES];
  let before: SeriesLabels | undefined;
  let timeMs = -1;
  for (const { labels, samples } of series) {
    const [sample] = samples;
    const { length } = labels.bytes;
    if (sample === undefined || samples.length > 1 || length > MOST_LABEL_BYTES) return undefined;
    const { timestampMs } = sample;
    if (!(timestampMs >= FIRST_USUAL_MS && timestampMs < END_USUAL_MS)) return undefined;
    makeRoom(at + 2 * length + MOST_SAMPLE_BYTES);
    if (before === undefined) at = writeLiteral(target, at, headOf(labels));
    else {
      const difference = labels.after === before ? labels.difference : differenceAfter(before, labels);
      for (let index = 0; index < difference.length; index += 1) target[at++] = difference[index] ?? 0;
    }
    const seriesSize = sizeOf(length);
    target[at++] = (VALUE_BYTES - 1) << 2;
    at = writeDouble(at, toFloat64(sample.value));
    if (timestampMs === timeMs) at = writeCopy(target, at, seriesSize, TIME_BYTES);
    else {
      target[at++] = (TIME_BYTES - 1) << 2;
      target[at++] = FIELD_2_VARINT;
      at = writeVarint(target, at, timestampMs);
    }
    size += seriesSize;
    before = labels;
    timeMs = timestampMs;
  }
  const start = MOST_PREAMBLE_BYTES - varintSize(size);
  writeVarint(target, start, size);
  return Buffer.from(target.subarray(start, at));
}

/** Times that take six bytes as a varint: from 1971 to 2109. */
const FIRST_USUAL_MS = 2 ** 35;
const END_USUAL_MS = 2 ** 42;

/** Longer ones are none of ours, and would be out of a short copy's reach. */
const MOST_LABEL_BYTES = 1800;

/** What comes behind a series' labels: a sample of a double and a time of six bytes, each with its tag. */
const SAMPLE_BYTES = 16;
const VALUE_BYTES = 8;
const TIME_BYTES = 7;

/** With all tags of elements, and those of a series. */
const MOST_SAMPLE_BYTES = 64;
const MOST_PREAMBLE_BYTES = 8;

/** Written to by every call and copied at its end: memory that is new costs more than the copy. */
let target = Buffer.alloc(64 * 1024);

function makeRoom(bytes: number): void {
  if (bytes > target.length) target = Buffer.concat([target], 2 * bytes);
}

function differenceAfter(before: SeriesLabels, labels: SeriesLabels): Uint8Array {
  labels.difference = differenceFrom(headOf(before), headOf(labels), sizeOf(before.bytes.length));
  labels.after = before;
  return labels.difference;
}

/** All bytes of a series up to its sample's value. */
function headOf({ bytes }: SeriesLabels): Uint8Array {
  const head = Buffer.alloc(sizeOf(bytes.length) - VALUE_BYTES - TIME_BYTES);
  head[0] = FIELD_1_BYTES;
  const at = writeVarint(head, 1, bodySize(bytes.length));
  head.set(bytes, at);
  head.set([FIELD_2_BYTES, SAMPLE_BYTES, FIELD_1_FIXED64], at + bytes.length);
  return head;
}

/** Bytes of a series with its sample, uncompressed. */
function sizeOf(labelBytes: number): number {
  const body = bodySize(labelBytes);
  return 1 + varintSize(body) + body;
}

function bodySize(labelBytes: number): number {
  return labelBytes + 2 + SAMPLE_BYTES;
}

function writeDouble(start: number, value: number): number {
  double.setFloat64(0, value, true);
  for (let index = 0; index < VALUE_BYTES; index += 1) target[start + index] = doubleBytes[index] ?? 0;
  return start + VALUE_BYTES;
}

const doubleBytes = new Uint8Array(VALUE_BYTES);
const double = new DataView(doubleBytes.buffer);

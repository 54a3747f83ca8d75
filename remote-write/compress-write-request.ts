import { Buffer } from 'node:buffer';
import { compress } from 'snappyjs';
import {
  encodeWriteRequest,
  FIELD_1_BYTES,
  FIELD_1_FIXED64,
  FIELD_2_BYTES,
  FIELD_2_VARINT,
  varintSize,
  writeVarint,
} from './encode-write-request.ts';
import type { Sample } from './sample.ts';
import { areOfOneSeries } from './series-labels.ts';
import type { SeriesLabels } from './series-labels.ts';
import { differenceFrom, writeCopy, writeLiteral } from './snappy-elements.ts';
import { toFloat64 } from './to-float64.ts';

/**
 * A WriteRequest with these samples, grouped by series, in snappy's block format, as remote write wants it.
 *
 * The usual request has one sample of each series. Its bytes are known but for values and times, and so is what each
 * series repeats of the one before it: that is looked for once, not for every request, and the plain bytes are never
 * written at all. Any other request is encoded and then compressed.
 */
export function compressWriteRequest(samples: readonly Sample[]): Uint8Array {
  return compressUsual(samples) ?? compress(encodeWriteRequest(samples));
}

function compressUsual(samples: readonly Sample[]): Uint8Array | undefined {
  let view = targetView;
  let [size, at] = [0, MOST_PREAMBLE_BYTES];
  let before: SeriesLabels | undefined;
  let timeMs = -1;
  for (const { labels, timestampMs, value } of samples) {
    if (labels.length > MOST_LABEL_BYTES) return undefined;
    if (!(timestampMs >= FIRST_USUAL_MS && timestampMs < END_USUAL_MS)) return undefined;
    if (at + MOST_SERIES_BYTES > view.byteLength) view = moreRoom();
    if (before === undefined) at = writeLiteral(target, at, headOf(labels));
    else if (areOfOneSeries(before, labels)) return undefined;
    else {
      const difference = labels.after === before ? labels.difference : differenceAfter(before, labels);
      // whole words, the last of which may reach behind the end: what comes next is written over that
      for (let word = 1; word < difference.length; word += 1) {
        view.setInt32(at + 4 * word - 4, difference[word] ?? 0, true);
      }
      at += difference[0] ?? 0;
    }
    const seriesSize = sizeOf(labels.length);
    view.setUint8(at, (VALUE_BYTES - 1) << 2);
    view.setFloat64(at + 1, toFloat64(value), true);
    at += 1 + VALUE_BYTES;
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

/** More than a series takes with its tags and those of elements, when hardly anything is repeated. */
const MOST_SERIES_BYTES = 2 * MOST_LABEL_BYTES + 128;
const MOST_PREAMBLE_BYTES = 8;

/** Written to by every call and copied at its end: memory that is new costs more than the copy. */
let target = Buffer.alloc(256 * 1024);
let targetView: DataView = new DataView(target.buffer, target.byteOffset, target.length);

function moreRoom(): DataView {
  target = Buffer.concat([target], 2 * target.length);
  targetView = new DataView(target.buffer, target.byteOffset, target.length);
  return targetView;
}

function differenceAfter(before: SeriesLabels, labels: SeriesLabels): readonly number[] {
  const bytes = differenceFrom(headOf(before), headOf(labels), sizeOf(before.length));
  const padded = Buffer.concat([bytes], bytes.length + 3);
  labels.difference = [
    bytes.length,
    ...Array.from({ length: Math.ceil(bytes.length / 4) }, (_, word) => padded.readInt32LE(4 * word)),
  ];
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

import { Buffer } from 'node:buffer';
import type { Sample } from './sample.ts';
import { cutBySeries } from './series.ts';
import type { Series } from './series.ts';

/**
 * A WriteRequest of remote write 1.0 with these samples, grouped by series; uncompressed.
 * https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto
 *
 * Written by hand because this is the hot path: labels are copied from cached bytes, and only timestamps and values
 * are encoded. Here decimal text becomes a float64, the only number Prometheus has; up to 17 digits survive.
 */
export function encodeWriteRequest(samples: readonly Sample[]): Uint8Array {
  const series = cutBySeries(samples);
  const target = Buffer.allocUnsafe(series.reduce((size, one) => size + encodedSize(one), 0));
  let at = 0;
  for (const one of series) {
    const { labels } = one[0];
    target[at++] = FIELD_1_BYTES;
    at = writeVarint(target, at, labels.length + samplesSize(one));
    target.set(labels.bytes, at);
    at += labels.length;
    for (const sample of one) {
      target[at++] = FIELD_2_BYTES;
      target[at++] = sampleBodySize(sample.timestampMs);
      target[at++] = FIELD_1_FIXED64;
      at = target.writeDoubleLE(Number(sample.value), at);
      target[at++] = FIELD_2_VARINT;
      at = writeVarint(target, at, sample.timestampMs);
    }
  }
  return target;
}

/** Bytes that a series adds to a request. */
function encodedSize(samples: Series): number {
  const body = samples[0].labels.length + samplesSize(samples);
  return 1 + varintSize(body) + body;
}

/** Bytes that a sample adds to its series. */
export function sampleSize(timestampMs: number): number {
  return 2 + sampleBodySize(timestampMs);
}

export const FIELD_1_BYTES = 0x0a;
export const FIELD_2_BYTES = 0x12;
export const FIELD_1_FIXED64 = 0x09;
export const FIELD_2_VARINT = 0x10;

/** Bytes that samples add to their series. */
function samplesSize(samples: Series): number {
  let size = 0;
  for (const { timestampMs } of samples) size += sampleSize(timestampMs);
  return size;
}

/** Tag and double, tag and varint: 20 bytes at most, so its own length always fits one byte. */
function sampleBodySize(timestampMs: number): number {
  return 1 + 8 + 1 + varintSize(timestampMs);
}

/** Whole numbers from 0 on. Timestamps have 41 bits and JavaScript's shifts 32, so the lowest four groups go first. */
export function writeVarint(target: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= FOUR_GROUPS) {
    const low = rest % FOUR_GROUPS;
    target[at++] = (low & 0x7f) | 0x80;
    target[at++] = ((low >>> 7) & 0x7f) | 0x80;
    target[at++] = ((low >>> 14) & 0x7f) | 0x80;
    target[at++] = (low >>> 21) | 0x80;
    rest = Math.floor(rest / FOUR_GROUPS);
  }
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Seven bits a byte; a comparison for each, as a time of today takes six and a division costs more than all. */
export function varintSize(value: number): number {
  let size = 1;
  for (let limit = 0x80; value >= limit; limit *= 0x80) size += 1;
  return size;
}

const FOUR_GROUPS = 2 ** 28;

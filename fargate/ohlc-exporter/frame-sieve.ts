import { Buffer } from 'node:buffer';
import { endsAsForming, nextTrue } from './surely-forming.ts';

/**
 * Takes the frames of candles that are still forming out of a WebSocket's bytes before its library sees them: they are 29 of 30,
 * and to make an event of each costs more than all the rest. What is left is the same stream without them.
 *
 * It knows of the protocol only where a frame ends: https://www.rfc-editor.org/rfc/rfc6455#section-5.2. Taken out is a text
 * in one whole, unmasked frame, all of whose bytes are there; everything else, and all that breaks the protocol, is the library's.
 */
export class FrameSieve {
  /** Told how many were taken out, once for all that came together. Until it is there, nothing is taken out. */
  onForming: ((frames: number) => void) | undefined;
  #phase: 'handshake' | 'frames' | 'passing' = 'handshake';
  /** The answer to the handshake as far as it has come; then a frame's header that is not there yet in full. */
  #begun: Buffer = Buffer.alloc(0);
  /** How much of a frame that goes through is still to come. */
  #rest = 0;
  /** Between the first and the last frame of one message. */
  #fragmented = false;

  /** What is left of the next bytes; a part of the same memory, where nothing in between was taken out. */
  sift(chunk: Buffer): Buffer {
    switch (this.#phase) {
      case 'handshake':
        return this.#passHandshake(chunk);
      case 'frames':
        return this.#siftFrames(chunk);
      case 'passing':
        return chunk;
    }
  }

  #passHandshake(chunk: Buffer): Buffer {
    const before = this.#begun.length;
    const answer = Buffer.concat([this.#begun, chunk]);
    const blank = answer.indexOf(BLANK_LINE);
    this.#begun = blank < 0 ? answer : Buffer.alloc(0);
    if (blank < 0) return chunk;
    if (!SWITCHED.test(answer.toString('latin1', 0, blank))) {
      this.#phase = 'passing';
      return chunk;
    }
    this.#phase = 'frames';
    const frames = blank + BLANK_LINE.length - before;
    return Buffer.concat([chunk.subarray(0, frames), this.#siftFrames(chunk.subarray(frames))]);
  }

  #siftFrames(chunk: Buffer): Buffer {
    const bytes = this.#begun.length > 0 ? Buffer.concat([this.#begun, chunk]) : chunk;
    const kept: Buffer[] = [];
    let forming = 0;
    let from = 0;
    // where the next frame that may be a closed candle says so
    let flag = -1;
    const mayTake = this.onForming !== undefined;
    let at = Math.min(this.#rest, bytes.length);
    this.#rest -= at;
    while (at < bytes.length) {
      const payload = at + SHORT_HEADER_BYTES;
      const end = payload + lengthOfUsual(bytes, at);
      const isUsual = end > payload && end <= bytes.length;
      if (isUsual && flag < payload) flag = nextTrue(bytes, payload);
      if (isUsual && flag >= end && mayTake && !this.#fragmented && endsAsForming(bytes, payload, end)) {
        if (from < at) kept.push(bytes.subarray(from, at));
        forming += 1;
        at = end;
        from = end;
        continue;
      }
      const size = frameSize(bytes, at);
      if (size === undefined) break;
      const first = bytes[at] ?? 0;
      // Frames about the connection may stand between those of a message.
      if ((first & CONTROL) === 0) this.#fragmented = (first & FINAL) === 0;
      this.#rest = Math.max(0, at + size - bytes.length);
      at = Math.min(at + size, bytes.length);
    }
    this.#begun = Buffer.from(bytes.subarray(at));
    if (from < at) kept.push(bytes.subarray(from, at));
    if (forming > 0) this.onForming?.(forming);
    const [only = EMPTY] = kept;
    return kept.length > 1 ? Buffer.concat(kept) : only;
  }
}

const BLANK_LINE = '\r\n\r\n';
const SWITCHED = /^HTTP\/1\.1 101 /;
const EMPTY = Buffer.alloc(0);

const FINAL = 0x80;
const FINAL_TEXT = 0x81;
const CONTROL = 0x08;
/** Of a header's second byte; what is left says that a client wrote it. */
const LENGTH = 0x7f;
/** In place of a length: it follows in two bytes. What is larger says that it follows in eight. */
const LENGTH_IN_TWO = 126;
const LEAST_HEADER_BYTES = 2;
const SHORT_HEADER_BYTES = 4;
const LONG_HEADER_BYTES = 10;

/** The payload's length if this is a text as the exchange sends it, in one frame of 126 to 65,535 bytes; otherwise 0. */
function lengthOfUsual(bytes: Buffer, at: number): number {
  if (bytes[at] !== FINAL_TEXT || bytes[at + 1] !== LENGTH_IN_TWO) return 0;
  return ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

/** Bytes of a whole frame; undefined if its header is not there in full. */
function frameSize(bytes: Buffer, at: number): number | undefined {
  const there = bytes.length - at;
  if (there < LEAST_HEADER_BYTES) return undefined;
  const length = (bytes[at + 1] ?? 0) & LENGTH;
  if (length < LENGTH_IN_TWO) return LEAST_HEADER_BYTES + length;
  if (length === LENGTH_IN_TWO) {
    return there < SHORT_HEADER_BYTES ? undefined : SHORT_HEADER_BYTES + bytes.readUInt16BE(at + 2);
  }
  return there < LONG_HEADER_BYTES ? undefined : LONG_HEADER_BYTES + Number(bytes.readBigUInt64BE(at + 2));
}

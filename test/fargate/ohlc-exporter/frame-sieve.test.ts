import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameSieve } from '#fargate/ohlc-exporter/frame-sieve.ts';
import { recordedFrame } from '#test/recorded-frame.ts';

const FORMING = recordedFrame('kline-forming-combined');
const CLOSED = recordedFrame('kline-closed-combined');
/** Forming as it seems by its end, but what is before might say otherwise. */
const DOUBTFUL = Buffer.from(FORMING.toString().replace('"i":', '"x":true,"i":'));
const ANSWER = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

const TEXT = 0x81;
const BEGINNING = 0x01;
const MIDDLE = 0x00;
const LAST = 0x80;
const PING = 0x89;

type LengthIn = 1 | 2 | 8;

/** One frame, unmasked as a server's are; its length may be written in more bytes than it needs. */
function frame(
  first: number,
  payload: Buffer,
  lengthIn: LengthIn = payload.length < 126 ? 1 : 2,
  masked = false,
): Buffer {
  const header = Buffer.alloc(lengthIn + (lengthIn === 1 ? 1 : 2));
  header[0] = first;
  header[1] = (lengthIn === 1 ? payload.length : lengthIn === 2 ? 126 : 127) | (masked ? 0x80 : 0);
  if (lengthIn === 2) header.writeUInt16BE(payload.length, 2);
  if (lengthIn === 8) header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, ...(masked ? [Buffer.alloc(4)] : []), payload]);
}

/** Gives the bytes in pieces, each in the same memory as the one before it, and puts together what is left. */
function sift(pieces: readonly Buffer[]) {
  const sieve = new FrameSieve();
  let forming = 0;
  sieve.onForming = (frames) => (forming += frames);
  const memory = Buffer.alloc(Math.max(...pieces.map((piece) => piece.length)));
  const left = pieces.map((piece) => {
    piece.copy(memory);
    return Buffer.from(sieve.sift(memory.subarray(0, piece.length)));
  });
  memory.fill(0);
  return { left: Buffer.concat(left), forming };
}

interface Message {
  readonly isForming: boolean;
  readonly frames: readonly Buffer[];
}

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ isForming: true, frames: [frame(TEXT, FORMING)] }) },
  fc
    .oneof(
      fc.constantFrom(CLOSED, DOUBTFUL).map((payload) => [frame(TEXT, payload)]),
      fc.uint8Array({ maxLength: 125 }).map((bytes) => [frame(PING, Buffer.from(bytes))]),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => [frame(TEXT, Buffer.from(bytes), 2)]),
      fc.constantFrom(TEXT, PING).map((first) => [frame(first, Buffer.alloc(0))]),
      // not as the exchange sends it
      fc.constant([frame(TEXT, FORMING, 8)]),
      fc
        .nat(FORMING.length)
        .map((cut) => [
          frame(BEGINNING, FORMING.subarray(0, cut), 2),
          frame(PING, Buffer.from('in between')),
          frame(MIDDLE, Buffer.alloc(0)),
          frame(LAST, FORMING.subarray(cut), 2),
        ]),
      fc.constant([frame(TEXT | 0x40, FORMING)]),
      fc.constant([
        frame(BEGINNING, CLOSED),
        frame(PING, Buffer.alloc(0)),
        frame(TEXT, FORMING),
        frame(LAST, CLOSED),
      ]),
    )
    .map((frames) => ({ isForming: false, frames })),
);

describe('a sieve', () => {
  test('leaves everything else as it is, however the bytes are cut', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(anyMessage, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(4000), { maxLength: 6 }),
        (messages, cuts) => {
          const bytes = Buffer.concat([ANSWER, ...messages.flatMap(({ frames }) => frames)]);
          const { left, forming } = sift(cutAt(bytes, cuts));
          let at = ANSWER.length;
          const missing: Message[] = [];
          for (const message of messages) {
            const whole = Buffer.concat(message.frames);
            if (left.subarray(at, at + whole.length).equals(whole)) at += whole.length;
            else missing.push(message);
          }
          expect(at).toBe(left.length);
          expect(missing.length).toBe(forming);
          expect(missing.every(({ isForming }) => isForming)).toBe(true);
          taken += forming;
        },
      ),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });

  test('takes out every forming candle that came whole', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 12 }), (messages) => {
        const { left, forming } = sift([
          Buffer.concat([ANSWER, ...messages.flatMap(({ frames }) => frames)]),
        ]);
        const others = messages.filter(({ isForming }) => !isForming).flatMap(({ frames }) => frames);
        expect(left).toEqual(Buffer.concat([ANSWER, ...others]));
        expect(forming).toBe(messages.filter(({ isForming }) => isForming).length);
      }),
    );
  });

  test('takes nothing out before somebody is told, and knows then where a frame begins', () => {
    const sieve = new FrameSieve();
    const half = frame(TEXT, FORMING).subarray(0, 100);
    const early = Buffer.concat([ANSWER, frame(TEXT, FORMING), half]);
    expect(sieve.sift(early)).toEqual(early);
    let forming = 0;
    sieve.onForming = (frames) => (forming += frames);
    const rest = frame(TEXT, FORMING).subarray(100);
    expect(Buffer.from(sieve.sift(Buffer.concat([rest, frame(TEXT, FORMING)])))).toEqual(rest);
    expect(forming).toBe(1);
  });

  test('keeps out of a connection that did not come about', () => {
    const refusal = Buffer.concat([
      Buffer.from('HTTP/1.1 451 Unavailable\r\n\r\n'),
      frame(TEXT, FORMING),
      frame(TEXT, FORMING),
    ]);
    expect(sift([refusal, refusal])).toEqual({ left: Buffer.concat([refusal, refusal]), forming: 0 });
  });

  test('leaves a frame as only a client may send it, for the library to refuse', () => {
    const bytes = Buffer.concat([ANSWER, frame(TEXT, FORMING, 2, true)]);
    expect(sift([bytes])).toEqual({ left: bytes, forming: 0 });
  });
});

function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

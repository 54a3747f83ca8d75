import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import { isSurelyForming } from '#fargate/ohlc-exporter/surely-forming.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import {
  candleOf,
  CANDLES,
  FIRST_OPEN_MS,
  FRAMES,
  NEIGHBOURS,
  neighbourFrame,
  startFramePath,
} from './frame-stand.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';

/** Broken frames before each whole one. */
const BROKEN_FOR_ONE = 4;

/** What a run of any length may leave behind on the heap: caches and compiled code, no frames. */
const MOST_GROWTH_BYTES = 48 * 1024 * 1024;

/**
 * Sends broken frames through the exporter's way to Kafka with whole ones between them, and expects: no error; each broken
 * frame skipped, published, dropped as a repetition or rejected, and all of these counts to add up; every whole one
 * published with its values, in order; no memory kept.
 */
export async function fuzzFrames(broken: number, seed: number) {
  const random = randomFrom(seed);
  const outcomes = { forming: 0, closed: 0, shutdown: 0, reply: 0, rejected: 0 };
  const wrong: string[] = [];
  const minuteOf = new Map(NEIGHBOURS.map((symbol) => [symbol, 0]));
  let letters = 0;
  let published = 0;
  let heapAtFirst = 0;
  {
    await using path = startFramePath((topic, message) => {
      if (topic !== CANDLES) {
        letters += 1;
        return;
      }
      published += 1;
      const candle = candleOf(message);
      const minute = minuteOf.get(candle.symbol);
      if (minute === undefined) return;
      minuteOf.set(candle.symbol, minute + 1);
      const price = `${minute + 1}.${candle.symbol.slice(1, 4).padStart(8, '0')}`;
      const isRight =
        candle.openTime === toInstant(FIRST_OPEN_MS + minute * MINUTE_MS) &&
        [candle.open, candle.high, candle.low, candle.close].every((value) => value === price);
      if (!isRight) wrong.push(`${candle.symbol} ${candle.openTime} ${candle.open}`);
    });
    const sent = { broken: 0, whole: 0 };
    for (let minute = 0; sent.broken < broken; minute++) {
      for (const symbol of NEIGHBOURS) {
        for (let one = 0; one < BROKEN_FOR_ONE; one++, sent.broken++) {
          const frame = mutate(random, FRAMES);
          outcomes[kindOf(frame, wrong)] += 1;
          path.intake.onFrame(frame);
        }
        path.intake.onFrame(neighbourFrame(symbol, minute));
        sent.whole += 1;
      }
      path.tick();
      await path.drained();
      if (heapAtFirst === 0 && sent.broken > broken / 10) heapAtFirst = heapUsed();
    }
    await path.drained();

    expect(wrong).toEqual([]);
    const { duplicates, rejected, deadLettersLost } = EXPORTER_METRICS;
    const counted = {
      frames: path.intake.frames,
      published: path.intake.published.websocket,
      duplicates: await path.count(duplicates.name),
      rejected: await path.count(rejected.name),
      lost: await path.count(deadLettersLost.name),
    };
    const { forming, shutdown, reply } = outcomes;
    expect(counted.frames).toBe(sent.broken + sent.whole);
    expect(counted.published + counted.duplicates + counted.rejected + forming + shutdown + reply).toBe(
      counted.frames,
    );
    expect(counted.published).toBe(published);
    // Each with its bytes in the dead-letter topic and a line in the log, both short.
    expect([counted.rejected, path.seen.rejections, counted.lost]).toEqual([letters, letters, 0]);
    expect(path.seen.longestFacts).toBeLessThan(1000);
    // The neighbours, one by one.
    expect([...new Set(minuteOf.values())]).toEqual([sent.whole / NEIGHBOURS.length]);
    // It has looked at something of each kind.
    for (const [kind, count] of Object.entries(outcomes)) expect(count, kind).toBeGreaterThan(broken / 2000);
    expect(heapUsed() - heapAtFirst).toBeLessThan(MOST_GROWTH_BYTES);
    return { ...sent, ...outcomes, ...counted };
  }
}

/** What the slow reader makes of a frame, held against JSON's own reading where it is a candle. */
function kindOf(frame: Buffer, wrong: string[]) {
  const read = readStreamFrame(frame, FIRST_OPEN_MS);
  if (isSurelyForming(frame)) {
    // What is skipped may be broken where nobody looks, but is no closed candle.
    if (read.kind === 'closed') wrong.push(`skipped ${frame.toString()}`);
    return 'forming';
  }
  if (read.kind !== 'closed') return read.kind;
  const { e: _, ...json } = JSON.parse(new TextDecoder().decode(frame)) as Record<string, unknown>; // it was read as JSON above
  const event = (typeof json['stream'] === 'string' && 'data' in json ? json['data'] : json) as {
    k: Record<string, unknown>;
  }; // as above
  const { candle } = read;
  const values = [
    candle.symbol,
    candle.open,
    candle.high,
    candle.low,
    candle.close,
    candle.baseVolume,
    candle.trades,
  ];
  const { s, o, h, l, c, v, n, x } = event.k;
  const isSame = x === true && JSON.stringify(values) === JSON.stringify([s, o, h, l, c, v, n]);
  if (!isSame) wrong.push(`read ${JSON.stringify(values)} of ${frame.toString()}`);
  return 'closed';
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)(); // what the flag exposes
  return process.memoryUsage().heapUsed;
}

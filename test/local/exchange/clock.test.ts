import { describe, expect, test } from 'vitest';
import { manualClock, replayClock } from '#local/exchange/clock.ts';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const MINUTE_MS = 60_000;

describe('the replay clock', () => {
  test('is the wall clock at speed 1', () => {
    const wall = manualClock(START_MS);
    const clock = replayClock(wall, 1);
    wall.advance(1234);
    expect(clock.now()).toBe(START_MS + 1234);
  });

  test('starts 55 minutes behind and runs N times as fast', () => {
    const wall = manualClock(START_MS);
    const clock = replayClock(wall, 60);
    expect(clock.now()).toBe(START_MS - 55 * MINUTE_MS);
    wall.advance(1000);
    expect(clock.now()).toBe(START_MS - 54 * MINUTE_MS);
  });

  test('never shows a time in the future, never goes back, and is the wall clock once it has caught up', () => {
    const wall = manualClock(START_MS);
    const clock = replayClock(wall, 12);
    let last = clock.now();
    for (let step = 0; step < 4000; step++) {
      wall.advance(100);
      const now = clock.now();
      expect(now).toBeLessThanOrEqual(wall.now());
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(clock.now()).toBe(wall.now());
  });

  test('runs each task when it shows its time, before and after catching up', () => {
    const wall = manualClock(START_MS);
    const clock = replayClock(wall, 60);
    const seen: number[] = [];
    const times = [-54.5, -10, -1, 0, 1, 5].map((minutes) => START_MS + minutes * MINUTE_MS);
    for (const time of times) clock.at(time, () => seen.push(clock.now() - time));
    wall.advance(6 * MINUTE_MS);
    expect(seen).toHaveLength(times.length);
    // Up to one wall millisecond late, which is 60 of its own.
    for (const late of seen) expect(late).toBeGreaterThanOrEqual(0);
    for (const late of seen) expect(late).toBeLessThanOrEqual(60);
  });
});

describe('the manual clock', () => {
  test('runs due tasks in order of time, those added on the way included, and no cancelled one', () => {
    const clock = manualClock(0);
    const seen: string[] = [];
    clock.at(20, () => seen.push(`b${clock.now()}`));
    clock.at(10, () => {
      seen.push(`a${clock.now()}`);
      clock.at(15, () => seen.push(`c${clock.now()}`));
    });
    clock.at(12, () => seen.push('never'))();
    clock.at(31, () => seen.push('later'));
    clock.advance(30);
    expect(seen).toEqual(['a10', 'c15', 'b20']);
    expect(clock.now()).toBe(30);
  });
});

import { expect, test } from 'vitest';
import { toInstant } from '#domain/instant.ts';

test('an instant is written as Date writes it, in whatever order minutes, years and signs come', () => {
  const base = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
  const neighbours = [0, 1, 59_999, 60_000, 60_012, -1, -60_000, 3_600_000];
  const far = [
    0, -1, -0.5, 1.9, -86_400_000.5, 253_402_300_800_000, 8_640_000_000_000_000, -8_639_999_999_999_000,
  ];
  const all = [...neighbours.map((ms) => base + ms), ...far];
  for (const ms of [...all, ...all.toReversed()]) expect(toInstant(ms)).toBe(new Date(ms).toISOString());
});

test.each([NaN, Infinity, -Infinity, 8_640_000_000_060_000, -8_640_000_000_000_001])(
  '%d ms is no instant',
  (ms) => {
    expect(() => toInstant(ms)).toThrow(RangeError);
  },
);

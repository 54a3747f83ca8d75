import { expect, test } from 'vitest';
import { DAY_MS, dailyPiece, monthlyPiece } from '#fargate/archive-loader/piece.ts';
import { chosenOn } from '#fargate/archive-loader/recheck-choice.ts';

const NOW = Date.parse('2026-01-31T04:30Z');
const DAYS = 1000;

/** One file for each of the days that are over, oldest first. */
const daily = Array.from({ length: DAYS }, (_, index) =>
  dailyPiece('BTCUSDT', NOW - (DAYS - index) * DAY_MS),
);

const names = (files: readonly { readonly fileName: string }[]) => files.map(({ fileName }) => fileName);

test('files of the newest 60 days are looked at each time', () => {
  const newest = names(daily.filter(({ lastMs }) => lastMs >= NOW - 60 * DAY_MS));
  expect(newest).toHaveLength(60);
  const chosen = new Set(names(chosenOn(daily, NOW)));
  expect(newest.filter((name) => !chosen.has(name))).toEqual([]);
  expect(chosen.size).toBeLessThan(150);
  const month = monthlyPiece('BTCUSDT', Date.parse('2025-12-01T00:00Z'));
  expect(chosenOn([month], NOW)).toEqual([month]);
});

test('each older file has one day in thirty, and no day has many more than its share', () => {
  const old = daily.slice(0, 900);
  const nights = Array.from({ length: 30 }, (_, night) => names(chosenOn(old, NOW + night * DAY_MS)));
  expect(nights.flat().toSorted()).toEqual(names(old).toSorted());
  for (const night of nights) expect(night.length).toBeLessThan(60);
  expect(names(chosenOn(old, NOW + 30 * DAY_MS))).toEqual(nights[0]);
});

test('a day is the same from its first to its last minute in UTC', () => {
  const old = daily.slice(0, 300);
  const [first, last] = [Date.parse('2026-01-31T00:00Z'), Date.parse('2026-01-31T23:59Z')];
  expect(chosenOn(old, first)).toEqual(chosenOn(old, last));
  expect(chosenOn(old, first)).not.toEqual(chosenOn(old, last + 60_000));
});

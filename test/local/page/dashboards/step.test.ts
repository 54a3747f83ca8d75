import { expect, test } from 'vitest';
import { alignToStep, formatDuration, parseDuration, stepOf } from '#local/page/dashboards/step.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Worked out by hand from the code that step.ts names. */
test.each([
  // As wide as a panel of a third of a screen: below the scrape interval the scrape interval holds.
  { span: HOUR, points: 400, step: 15_000, rate: 60_000 },
  { span: 3 * HOUR, points: 500, step: 20_000, rate: 60_000 },
  { span: 6 * HOUR, points: 1000, step: 20_000, rate: 60_000 },
  { span: 24 * HOUR, points: 1000, step: MINUTE, rate: 75_000 },
  { span: 7 * DAY, points: 1000, step: 10 * MINUTE, rate: 615_000 },
  { span: 30 * DAY, points: 1000, step: 30 * MINUTE, rate: 1_815_000 },
  { span: 90 * DAY, points: 1000, step: 2 * HOUR, rate: 7_215_000 },
  // A query's own least step is also what its rate takes for the scrape interval.
  { span: HOUR, points: 400, targetInterval: '1m', step: MINUTE, rate: 4 * MINUTE },
  { span: 12 * HOUR, points: 720, targetInterval: '1m', step: MINUTE, rate: 4 * MINUTE },
  { span: 24 * HOUR, points: 720, targetInterval: '1m', step: 2 * MINUTE, rate: 4 * MINUTE },
  { span: HOUR, points: 400, panelInterval: '2m', step: 2 * MINUTE, rate: 135_000 },
  // 45 s is rounded to 1 m by the browser and to 30 s by the backend, which counts only where a query has a least step.
  { span: 12 * HOUR, points: 960, step: MINUTE, rate: 75_000 },
  { span: 12 * HOUR, points: 960, targetInterval: '15s', step: 30_000, rate: 75_000 },
  // Never more than Prometheus's 11,000 points.
  { span: 30 * DAY, points: 50_000, targetInterval: '15s', step: 5 * MINUTE, rate: 75_000 },
])('the step over $span ms for $points points is Grafana’s', ({ span, step, rate, ...choice }) => {
  const fromMs = Date.UTC(2026, 0, 1);
  expect(stepOf({ fromMs, toMs: fromMs + span, ...choice })).toEqual({ stepMs: step, rateMs: rate });
});

test('a range starts and ends on whole steps, and steps of days at local midnight', () => {
  const time = Date.UTC(2026, 0, 1, 10, 7, 44);
  expect(alignToStep(time, MINUTE, 0)).toBe(Date.UTC(2026, 0, 1, 10, 7));
  expect(alignToStep(time, DAY, 0)).toBe(Date.UTC(2026, 0, 1));
  expect(alignToStep(time, DAY, 2 * HOUR)).toBe(Date.UTC(2025, 11, 31, 22));
});

test('durations are read with a unit or as seconds, and written as PromQL takes them', () => {
  expect(['1m', '30s', '15', '500ms', '1d', '2w'].map(parseDuration)).toEqual([
    60_000, 30_000, 15_000, 500, 86_400_000, 1_209_600_000,
  ]);
  expect([60_000, 1500, 20].map(formatDuration)).toEqual(['60s', '1500ms', '20ms']);
  for (const text of ['', 'm', '-5m', '0s', '1m30s'])
    expect(() => parseDuration(text)).toThrow('like 30s or 1m');
});

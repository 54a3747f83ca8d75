import { expect, test } from 'vitest';
import { RESTART_LIMIT, restartBudget } from '#local/supervisor/restart-budget.ts';

test('a part that keeps dying is restarted 5 times, later each time, and then no more', () => {
  const next = restartBudget(RESTART_LIMIT);
  expect([0, 1, 2, 3, 4, 5, 6].map(() => next(1_000_000))).toEqual([
    1000,
    2000,
    4000,
    8000,
    16_000,
    undefined,
    undefined,
  ]);
});

test('deaths more than 10 minutes ago do not count', () => {
  const next = restartBudget(RESTART_LIMIT);
  for (let death = 0; death < 5; death += 1) next(0);
  expect(next(10 * 60_000 - 1)).toBeUndefined();
  expect(next(10 * 60_000)).toBe(1000);
});

import type { Goal } from './definition.ts';
import type { CaseResult } from './result.ts';

export interface CheckedGoal {
  /** `1,000 symbols: ours ≥ 5x cryptofeed` */
  readonly goal: string;
  readonly got: string;
  readonly reached: boolean;
}

/** Each goal in each of its cases, from the medians. A contestant that is not in a case has no goal there. */
export function checkGoals(goals: readonly Goal[], cases: readonly CaseResult[]): readonly CheckedGoal[] {
  return goals.flatMap((goal) => {
    if (goal.kind === 'growth') return checkGrowth(goal, cases);
    const of = cases.filter(({ name }) => goal.cases?.includes(name) ?? true);
    const { figure = 'perCpuSecond' } = goal;
    return of.flatMap((one) => {
      if (goal.kind === 'bound') {
        const value = figureOf(one, goal.of, figure);
        const unit = goal.unit === undefined ? '' : ` ${goal.unit}`;
        return value === undefined
          ? []
          : [
              {
                goal: `${one.name}: ${goal.of} at most ${goal.atMost}${unit}`,
                got: `${round(value)}${unit}`,
                reached: value <= goal.atMost,
              },
            ];
      }
      const [better, than] = [figureOf(one, goal.better, figure), figureOf(one, goal.than, figure)];
      if (better === undefined || than === undefined) return [];
      const times = goal.lower ? than / better : better / than;
      return [
        {
          goal: `${one.name}: ${goal.better} at least ${goal.times}x ${goal.than}`,
          got: `${round(times)}x`,
          reached: times >= goal.times,
        },
      ];
    });
  });
}

function checkGrowth(goal: Goal & { kind: 'growth' }, cases: readonly CaseResult[]): readonly CheckedGoal[] {
  const [from, to] = [goal.from, goal.to].map((name) => {
    const one = cases.find((given) => given.name === name);
    return one && figureOf(one, goal.of, goal.figure);
  });
  if (from === undefined || to === undefined) return [];
  const times = to / from;
  return [
    {
      goal: `${goal.of}: ${goal.to} at most ${goal.times}x ${goal.from}`,
      got: `${round(times)}x`,
      reached: times <= goal.times,
    },
  ];
}

function figureOf({ contestants }: CaseResult, name: string, figure: string): number | undefined {
  return contestants.find((one) => one.name === name)?.medians[figure];
}

function round(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

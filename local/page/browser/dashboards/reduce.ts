type Values = readonly (number | null)[];

/** A column as one number, by one of Grafana's calculations; null when it has none. Throws for one that is not known. */
export function reduced(values: Values, calc: string): number | null {
  const reducer = REDUCERS.get(calc);
  if (!reducer) {
    throw new Error(`calculation: expected one of ${[...REDUCERS.keys()].join(', ')}, got ${calc}`);
  }
  return reducer.reduce(values);
}

/** What people are shown as a calculation's name. */
export function calcName(calc: string): string {
  return REDUCERS.get(calc)?.name ?? calc;
}

/** Of a count, the unit of what is counted is not its own. */
export function keepsUnit(calc: string): boolean {
  return !['count', 'diffperc', 'changeCount', 'distinctCount'].includes(calc);
}

interface Reducer {
  readonly name: string;
  readonly reduce: (values: Values) => number | null;
}

export const isPresent = (value: number | null): value is number => value !== null && !Number.isNaN(value);

/** A calculation over the numbers that are there; null without any. */
function ofPresent(name: string, reduce: (values: readonly [number, ...number[]]) => number | null): Reducer {
  return {
    name,
    reduce(values) {
      const [first, ...rest] = values.filter(isPresent);
      return first === undefined ? null : reduce([first, ...rest]);
    },
  };
}

const last = (values: readonly [number, ...number[]]) => values.at(-1) ?? values[0];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const least = (values: readonly number[]) =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const greatest = (values: readonly number[]) =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

const REDUCERS: ReadonlyMap<string, Reducer> = new Map<string, Reducer>([
  ['lastNotNull', ofPresent('Last *', last)],
  ['last', { name: 'Last', reduce: (values) => values.at(-1) ?? null }],
  ['firstNotNull', ofPresent('First *', ([first]) => first)],
  ['first', { name: 'First', reduce: (values) => values[0] ?? null }],
  ['min', ofPresent('Min', least)],
  ['max', ofPresent('Max', greatest)],
  ['mean', ofPresent('Mean', (values) => sum(values) / values.length)],
  ['median', ofPresent('Median', median)],
  ['sum', ofPresent('Total', sum)],
  ['count', { name: 'Count', reduce: (values) => values.length }],
  ['range', ofPresent('Range', (values) => greatest(values) - least(values))],
  ['diff', ofPresent('Difference', (values) => last(values) - values[0])],
  ['diffperc', ofPresent('Difference percent', (values) => (last(values) - values[0]) / values[0])],
]);

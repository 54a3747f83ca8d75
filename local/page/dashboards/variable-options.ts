import type { Variable } from './dashboard-schema.ts';

/** A query's values as options: those that the variable's `regex` takes, in its order, each once. */
export function orderOptions(
  { regex, sort }: Pick<Variable, 'regex' | 'sort'>,
  values: readonly string[],
): readonly string[] {
  const options = [...new Set(regex === '' ? values : values.flatMap((value) => captured(regex, value)))];
  const compare = COMPARE[Math.ceil(sort / 2)];
  if (!compare) return options;
  return options.toSorted((a, b) => (sort % 2 === 1 ? compare(a, b) : compare(b, a)));
}

/** Grafana numbers its orders: 1 and 2 by letters, 3 and 4 by number, 5 and 6 without case, 7 and 8 by numbers within. */
const COMPARE: readonly (((a: string, b: string) => number) | undefined)[] = [
  undefined,
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  (a, b) => Number.parseFloat(a) - Number.parseFloat(b),
  (a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }),
  (a, b) => a.localeCompare(b, 'en', { numeric: true }),
];

/** What the pattern's first group holds, or all of it. */
function captured(regex: string, value: string): readonly string[] {
  const [, pattern = regex, flags = ''] = /^\/(.*)\/([gimsuy]*)$/s.exec(regex) ?? [];
  const match = new RegExp(pattern, flags.replace('g', '')).exec(value);
  return match ? [match[1] ?? match[0]] : [];
}

/** What is given in the address, or else the dashboard's own choice if there is such an option, or else the first. */
export function chooseValues(
  { multi, includeAll, current }: Pick<Variable, 'multi' | 'includeAll' | 'current'>,
  options: readonly string[],
  given: readonly string[] | undefined,
): readonly string[] {
  if (given && given.length > 0) return multi ? given : given.slice(0, 1);
  const own = [current?.value ?? []].flat().filter((value) => options.includes(value));
  if (own.length > 0) return own;
  if (includeAll) return ['$__all'];
  return options.slice(0, 1);
}

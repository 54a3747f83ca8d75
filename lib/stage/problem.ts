/** One thing that is wrong with a stage. */
export interface Problem {
  /** Path of the setting, as `stream.brokers.instanceType`. */
  readonly field: string;
  readonly expected: string;
  readonly got: unknown;
  /** What to change, where that is more than to give what is expected. */
  readonly fix?: string;
}

/** `field: expected …, got …; fix`. */
export function problemText({ field, expected, got, fix }: Problem): string {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got);
  return `${field}: expected ${expected}, got ${shown}${fix === undefined ? '' : `; ${fix}`}`;
}

/** Nothing if the value is among those allowed. */
export function oneOf(
  field: string,
  got: string | number,
  allowed: readonly (string | number)[],
  fix?: string,
): readonly Problem[] {
  return allowed.includes(got) ? [] : [problem(field, `one of ${allowed.join(', ')}`, got, fix)];
}

/** Nothing if the value is a whole number from `least` to `most`, both allowed. */
export function within(
  field: string,
  got: number,
  [least, most]: readonly [least: number, most: number],
  fix?: string,
): readonly Problem[] {
  const expected = least === most ? String(least) : `a whole number from ${least} to ${most}`;
  return Number.isInteger(got) && got >= least && got <= most ? [] : [problem(field, expected, got, fix)];
}

/** Nothing if `isTrue`. */
export function holds(
  isTrue: boolean,
  field: string,
  expected: string,
  got: unknown,
  fix?: string,
): readonly Problem[] {
  return isTrue ? [] : [problem(field, expected, got, fix)];
}

function problem(field: string, expected: string, got: unknown, fix: string | undefined): Problem {
  return { field, expected, got, ...(fix === undefined ? {} : { fix }) };
}

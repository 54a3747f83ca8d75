import type { Field, Frame } from '#local/page/dashboards/frame.ts';

/** Leaves fields out, puts them in order and renames them; each is meant by what it is called now. */
export function organize(
  frames: readonly Frame[],
  options: Readonly<Record<string, unknown>>,
): readonly Frame[] {
  const excluded = record(options['excludeByName']);
  const included = record(options['includeByName']);
  const places = record(options['indexByName']);
  const names = record(options['renameByName']);
  const placeOf = ({ displayName }: Field) => Number(places[displayName] ?? Number.MAX_SAFE_INTEGER);
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields
      .filter(({ displayName }) => excluded[displayName] !== true)
      .filter(({ displayName }) => Object.keys(included).length === 0 || included[displayName] === true)
      .toSorted((a, b) => placeOf(a) - placeOf(b))
      .map((field) => ({ ...field, displayName: renamed(field, names[field.displayName]) })),
  }));
}

function renamed({ displayName }: Field, name: unknown): string {
  return typeof name === 'string' && name !== '' ? name : displayName;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

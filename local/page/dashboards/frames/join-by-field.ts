import type { Field, Frame } from '#local/page/dashboards/frame.ts';

type Key = number | string | null;

/**
 * One frame with a row for each value of the field that all have: `Time` unless `byField` names another. Outer, the
 * default, keeps a row that only some have; inner does not. A frame without the field is left out, as in Grafana.
 */
export function joinByField(
  frames: readonly Frame[],
  { byField, mode = 'outer' }: Readonly<Record<string, unknown>>,
): readonly Frame[] {
  if (mode !== 'outer' && mode !== 'inner' && mode !== 'outerTabular') {
    throw new Error(
      `joinByField: expected the mode outer, outerTabular or inner, got ${JSON.stringify(mode)}`,
    );
  }
  const tables = frames.flatMap((frame) => {
    const by = frame.fields.find((field) =>
      byField === undefined ? field.type === 'time' : field.name === byField || field.displayName === byField,
    );
    return by && by.type !== 'frame' ? [{ frame, by, rows: rowsByKey(by.values) }] : [];
  });
  const [first] = tables;
  if (!first) return frames;
  const all = [...new Set(tables.flatMap(({ rows }) => [...rows.keys()]))];
  const keys = mode === 'inner' ? all.filter((key) => tables.every(({ rows }) => rows.has(key))) : all;
  if (first.by.type !== 'string') keys.sort((a, b) => Number(a) - Number(b));
  const fields = tables.flatMap(({ frame, by, rows }) =>
    frame.fields
      .filter((field) => field !== by)
      .map((field) => ({
        ...pick(
          field,
          keys.map((key) => rows.get(key)),
        ),
        name: field.name === 'Value' && tables.length > 1 ? field.displayName : field.name,
      })),
  );
  const join = { ...first.by, values: keys } as Field; // keys are the values of fields of its type
  return [{ refId: first.frame.refId, length: keys.length, stepMs: undefined, fields: [join, ...fields] }];
}

/** Where each value is; the last one counts. */
function rowsByKey(values: readonly Key[]): ReadonlyMap<Key, number> {
  return new Map(values.map((value, row) => [value, row]));
}

/** The field's values at these rows; null where there is none. */
function pick(field: Field, rows: readonly (number | undefined)[]): Field {
  const values = rows.map((row) => (row === undefined ? null : (field.values[row] ?? null)));
  return { ...field, values } as Field; // values of the same field
}

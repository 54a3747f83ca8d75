import type { Field, Frame } from '#local/page/dashboards/frame.ts';

type Row = Map<string, Field['values'][number]>;

/**
 * One frame of all: rows that agree in the fields that every frame has become one, unless another of their fields
 * differs too. Without such a field the frames stay as they are, as in Grafana.
 */
export function merge(frames: readonly Frame[]): readonly Frame[] {
  const tables = frames.filter(({ fields }) => fields.length > 0);
  const [first] = tables;
  if (!first || tables.length < 2) return frames;
  const structure = new Map(
    tables.flatMap(({ fields }) => fields.map((field) => [field.name, field] as const)).toReversed(),
  );
  const names = [...new Set(tables.flatMap(({ fields }) => fields.map(({ name }) => name)))];
  const keyNames = names.filter((name) => tables.every(({ fields }) => fields.some((f) => f.name === name)));
  if (keyNames.length === 0) return frames;
  const rows: Row[] = [];
  const byKey = new Map<string, Row[]>();
  for (const row of tables.flatMap(rowsOf)) {
    const key = JSON.stringify(keyNames.map((name) => row.get(name)));
    const alike = byKey.get(key) ?? [];
    byKey.set(key, alike);
    const fitting = alike.find((known) => isMergeable(known, row));
    if (fitting) for (const [name, value] of row) fitting.set(name, value);
    else {
      alike.push(row);
      rows.push(row);
    }
  }
  const fields = names.flatMap((name): Field[] => {
    const field = structure.get(name);
    if (!field) return [];
    const values = rows.map((row) => row.get(name) ?? null);
    return [{ ...field, labels: {}, values } as Field]; // values of fields with this name and type
  });
  return [{ refId: first.refId, length: rows.length, stepMs: undefined, fields }];
}

function rowsOf({ fields, length }: Frame): readonly Row[] {
  return Array.from(
    { length },
    (_, row) => new Map(fields.map(({ name, values }) => [name, values[row] ?? null])),
  );
}

function isMergeable(known: Row, row: Row): boolean {
  return [...row].every(([name, value]) => {
    const before = known.get(name);
    return before === undefined || before === null || before === value;
  });
}

import type { Result, Value } from '#snowflake/connection.ts';

export type Format = 'table' | 'json' | 'csv';

/** Lines of text; a table says how many rows it has. */
export function formatResult(result: Result, format: Format): string {
  switch (format) {
    case 'table':
      return table(result);
    case 'json':
      return JSON.stringify(result.rows, undefined, 2);
    case 'csv':
      return csv(result);
  }
}

/** Numbers stand to the right; what could break the lines is escaped, and an absent value is not an empty text. */
function table({ columns, rows }: Result): string {
  const cells = rows.map((row) => columns.map(({ name }) => cellOf(row[name] ?? null)));
  const widths = columns.map(({ name }, at) =>
    cells.reduce((widest, row) => Math.max(widest, row[at]?.length ?? 0), name.length),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) =>
        columns[at]?.isNumber ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...cells.map(line),
    `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`,
  ].join('\n');
}

function cellOf(value: Value): string {
  if (value === null) return 'NULL';
  return String(value).replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** As RFC 4180 has it, with a line of headings; NULL is an empty field and an empty text is `""`. */
function csv({ columns, rows }: Result): string {
  const fields = rows.map((row) => columns.map(({ name }) => fieldOf(row[name] ?? null)));
  return [columns.map(({ name }) => fieldOf(name)), ...fields].map((row) => row.join(',')).join('\r\n');
}

function fieldOf(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

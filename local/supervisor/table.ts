import type { PartState } from './state-file.ts';

const HEADINGS = ['part', 'state', 'address', 'pid', 'lag', ''] as const;

/** One line a part, under a line of headings; the columns line up. */
export function partsTable(parts: Readonly<Record<string, PartState>>): readonly string[] {
  const rows = Object.entries(parts).map(([name, part]) => [
    name,
    part.state,
    part.url,
    part.pid === undefined ? '-' : String(part.pid),
    lagText(part),
    part.detail?.split('\n')[0] ?? '',
  ]);
  const all = [[...HEADINGS], ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function lagText({ lag, ageSeconds }: PartState): string {
  if (lag !== undefined) return `${lag} ${lag === 1 ? 'record' : 'records'}`;
  return ageSeconds === undefined ? '-' : `${Math.round(ageSeconds)} s`;
}

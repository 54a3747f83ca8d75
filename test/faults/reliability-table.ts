import { SECTIONS } from './rows.ts';

/** The matrix as docs/reliability.md shows it, in Markdown. */
export function reliabilityTable(): string {
  return SECTIONS.map(({ letter, name, rows }) => {
    const lines = rows.map(({ row, fault, expected, proof }) => {
      const shown =
        proof.kind === 'not-here'
          ? `not shown: ${proof.reason}`
          : `\`test/${proof.file}\`${proof.measured === undefined ? '' : `; ${proof.measured}`}`;
      return `| ${row} | ${cell(fault)} | ${cell(expected)} | ${cell(shown)} |\n`;
    });
    return `### ${letter}. ${name}\n| row | fault | what has to come of it | shown by, and what was seen |\n|---|---|---|---|\n${lines.join('')}`;
  }).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

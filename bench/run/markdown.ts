import type { Figure } from './definition.ts';
import type { BenchResult, ContestantResult } from './result.ts';

/** The text with what is between the bench's markers replaced; they are put at the end where there are none. */
export function between(text: string, name: string, section: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 && to < 0) return `${text.trimEnd()}\n\n${begin}\n${section}${end}\n`;
  if (from < 0 || to < from) {
    throw new Error(
      `expected ${begin} and ${end} around the section, got one of them: mend docs/benchmarks.md`,
    );
  }
  return `${text.slice(0, from)}${begin}\n${section}${text.slice(to)}`;
}

/** Everything under one heading: work, table, goals, what was found, and the machine. */
export function sectionOf(result: BenchResult): string {
  const { name, what, unit, cases, goals, notes, machine, runs, quick } = result;
  const figures = result.figures ?? throughput(unit);
  const head = ['case', 'contestant', ...figures.map(({ title }) => title)];
  const rows = cases.flatMap((one) =>
    one.contestants.map((contestant, index) => [
      index === 0 ? one.name : '',
      nameOf(contestant),
      ...figures.map((figure) => shown(contestant.medians[figure.key], figure)),
    ]),
  );
  const parts = [
    `## ${name}\n\n${what}\n`,
    table(
      head,
      head.map((_, column) => (column < 2 ? '---' : '---:')),
      rows,
    ),
    goals.length === 0
      ? ''
      : table(
          ['goal', 'got', ''],
          ['---', '---:', '---'],
          goals.map(({ goal, got, reached }) => [goal, got, reached ? 'reached' : '**not reached**']),
        ),
    notes.map((note) => `- ${note}\n`).join(''),
    quick ? 'Tiny work, to try the bench out: these numbers say nothing.\n' : '',
    `Medians of ${runs} run${runs === 1 ? '' : 's'}, ${machine.measuredOn}, on ${machine.cpu}, ${machine.cores} cores, ` +
      `${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}; load before: ${machine.loadBefore}.\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function throughput(unit: string): readonly Figure[] {
  return [
    { key: 'perCpuSecond', title: `${unit} per CPU-second` },
    { key: 'perSecond', title: `${unit} per second` },
    { key: 'cpuSeconds', title: 'CPU-seconds' },
    { key: 'peakMiB', title: 'peak memory, MiB' },
  ];
}

function nameOf({ name, version, limit }: ContestantResult): string {
  const full = version === undefined || name === version ? name : `${name} (${version})`;
  return limit ? `*${full}*` : full;
}

/** Three digits that count, unless the figure says otherwise. */
function shown(value: number | undefined, { digits }: Figure): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (digits !== undefined) {
    return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function table(
  head: readonly string[],
  rule: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

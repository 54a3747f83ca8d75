import type { Healing } from './heal.ts';
import { grouped } from './progress.ts';
import type { Rechecking } from './recheck.ts';
import type { OutcomeKind, Problem, Summary } from './report.ts';

export interface RunSummary extends Summary, Partial<Healing & Rechecking> {
  readonly command: string;
  readonly seconds: number;
  /** Ended by a signal before all was done. */
  readonly stopped: boolean;
}

const KINDS = ['loaded', 'skipped', 'missing', 'refused', 'failed'] as const satisfies readonly OutcomeKind[];

/** The rest is counted. */
const PROBLEMS_SHOWN = 20;

/** For people. */
export function summaryTable(summary: RunSummary): readonly string[] {
  const { pieces, rows, absentMinutes, seconds, stopped } = summary;
  const { recheckedFiles, knownFiles = 0 } = summary;
  const problems = [
    ...summary.problems,
    ...summary.warnings.map((warning) => ({ kind: 'warning', ...warning })),
  ];
  const width = Math.max(...KINDS.map((kind) => grouped(pieces[kind]).length));
  return [
    ...KINDS.map((kind) => {
      const count = grouped(pieces[kind]).padStart(width);
      return `${kind.padEnd(8)}${count} ${kind === 'loaded' ? `(${grouped(rows)} rows)` : ''}`.trimEnd();
    }),
    ...(absentMinutes > 0
      ? [`${grouped(absentMinutes)} minutes recorded that the exchange does not have`]
      : []),
    ...(recheckedFiles === undefined
      ? []
      : [`looked at ${grouped(recheckedFiles)} of ${grouped(knownFiles)} loaded files`]),
    ...(summary.leftMinutes ? [`${grouped(summary.leftMinutes)} minutes of gaps left for the next run`] : []),
    ...problems.slice(0, PROBLEMS_SHOWN).map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`),
    ...(problems.length > PROBLEMS_SHOWN ? [`and ${grouped(problems.length - PROBLEMS_SHOWN)} more`] : []),
    `${stopped ? 'stopped' : 'done'} after ${seconds.toFixed(1)} s`,
  ];
}

/** For programs: one line of JSON. Names of what is missing are left out, as there may be thousands. */
export function summaryLine({ problems, warnings, ...rest }: RunSummary): string {
  const named = (kind: Problem['kind']) =>
    problems.filter((one) => one.kind === kind).map(({ name }) => name);
  const { pieces, ...others } = rest;
  return JSON.stringify({
    ...others,
    ...pieces,
    refusedNames: named('refused').slice(0, 100),
    failedNames: named('failed').slice(0, 100),
    warningNames: warnings.map(({ name }) => name).slice(0, 100),
  });
}

/** 0 when all went well; what the exchange does not have is no fault. */
export function exitCodeOf({ pieces, stopped }: RunSummary): 0 | 1 {
  return pieces.refused > 0 || pieces.failed > 0 || stopped ? 1 : 0;
}

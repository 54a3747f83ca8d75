import type { Finding } from './finding.ts';

const MARKS = { ok: 'ok', problem: 'PROBLEM', unknown: '?' } as const satisfies Record<
  Finding['kind'],
  string
>;

/** Lines of text: what was looked at, what was found, and what to do. */
export function formatFindings(findings: readonly Finding[]): string {
  const width = Math.max(0, ...findings.map(({ what }) => what.length));
  const count = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  return [
    ...findings.flatMap((finding) => [
      `${MARKS[finding.kind].padEnd(MARKS.problem.length)}  ${finding.what.padEnd(width)}  ${finding.detail}`,
      ...(finding.kind === 'ok' ? [] : [`${' '.repeat(MARKS.problem.length + width + 4)}-> ${finding.todo}`]),
    ]),
    '',
    `${count('ok')} ok, ${count('problem')} to put right, ${count('unknown')} that could not be found out`,
  ].join('\n');
}

/** 0 where all is well, 1 where a deployment would fail, 2 where nobody can tell. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ kind }) => kind === 'problem')) return 1;
  return findings.length === 0 || findings.some(({ kind }) => kind === 'unknown') ? 2 : 0;
}

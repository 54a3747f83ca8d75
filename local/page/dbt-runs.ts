import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { TROUBLED_SHOWN } from './warehouse-answers.ts';
import type { DbtAnswer, DbtRun, NodeCounts } from './warehouse-answers.ts';

/** The newest run of each DAG, from the artifacts that it keeps under `latest/<dag>/`; read anew each time. */
export async function readDbtRuns(artifacts: string | undefined): Promise<DbtAnswer> {
  if (artifacts === undefined) return { kind: 'off' };
  const latest = join(artifacts, 'latest');
  const runs: DbtRun[] = [];
  for (const dag of await foldersIn(latest)) {
    const path = join(latest, dag, 'run_results.json');
    try {
      const text = await readFile(path, 'utf8');
      runs.push(summarise(dag, resultsSchema.parse(JSON.parse(text))));
    } catch (error) {
      // The DAG's first run has left none yet, or only the freshness of its sources.
      if (isAbsent(error)) continue;
      return { kind: 'unreadable', detail: `${path}: ${inWords(error)}` };
    }
  }
  if (runs.length === 0) return { kind: 'none' };
  return { kind: 'runs', runs: runs.toSorted((a, b) => b.endedMs - a.endedMs) };
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function inWords(error: unknown): string {
  if (error instanceof z.ZodError) return `not in the shape of dbt's run results: ${z.prettifyError(error)}`;
  return error instanceof SyntaxError ? 'not JSON' : String(error);
}

type Results = z.infer<typeof resultsSchema>;

function summarise(dag: string, { metadata, elapsed_time, results: all }: Results): DbtRun {
  // Exposures, which are there to be read and not to be run.
  const results = all.filter(({ status }) => status !== 'no-op');
  const tests = results.filter(({ unique_id }) => TEST.test(unique_id));
  const others = results.filter(({ unique_id }) => !TEST.test(unique_id));
  const troubled = results
    .filter(({ status }) => bucketOf(status) !== 'passed')
    .toSorted((a, b) => SEVERITY.indexOf(bucketOf(a.status)) - SEVERITY.indexOf(bucketOf(b.status)));
  return {
    dag,
    endedMs: Date.parse(metadata.generated_at),
    durationSeconds: elapsed_time,
    models: count(others),
    tests: count(tests),
    troubled: troubled.slice(0, TROUBLED_SHOWN).map(({ unique_id, status, message }) => ({
      name: nameOf(unique_id),
      status,
      message: message?.replaceAll(/\s+/g, ' ').trim().slice(0, 300),
    })),
  };
}

const TEST = /^(unit_)?test\./;
const SEVERITY: readonly (keyof NodeCounts)[] = ['failed', 'warned', 'skipped', 'passed'];

function count(results: Results['results']): NodeCounts {
  const counts = { passed: 0, warned: 0, failed: 0, skipped: 0 };
  for (const { status } of results) counts[bucketOf(status)] += 1;
  return counts;
}

/** dbt says pass, fail, warn of a test and success, error of what it builds; whatever is new counts as failed. */
function bucketOf(status: string): keyof NodeCounts {
  switch (status) {
    case 'pass':
    case 'success':
      return 'passed';
    case 'warn':
      return 'warned';
    case 'skipped':
      return 'skipped';
    default:
      return 'failed';
  }
}

/** `test.crypto_market.not_null_x.0123456789` is `not_null_x`; `model.crypto_market.fct_x` is `fct_x`. */
function nameOf(uniqueId: string): string {
  const [, , ...rest] = uniqueId.split('.');
  const withoutHash = rest.length > 1 && /^[0-9a-f]{10}$/.test(rest.at(-1) ?? '') ? rest.slice(0, -1) : rest;
  return withoutHash.join('.') || uniqueId;
}

const resultsSchema = z.object({
  metadata: z.object({ generated_at: z.iso.datetime({ offset: true }) }),
  elapsed_time: z.number(),
  results: z.array(z.object({ unique_id: z.string(), status: z.string(), message: z.string().nullish() })),
});

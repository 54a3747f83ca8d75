import * as z from 'zod';
import { BATCH_METRICS, DBT_STATUSES } from '#domain/metrics.ts';
import type { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';

/** Which run of which DAG an export belongs to; an export by hand belongs to none. */
export type BatchRun = z.infer<typeof batchRunSchema>;

/** Throws a message that says what was expected. */
export function parseBatchRun(event: unknown): BatchRun {
  const parsed = batchRunSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(
    `expected an event like {"dag": "market_models", "dbt": {"pass": 12}} or {}, got: ${z.prettifyError(parsed.error)}`,
  );
}

/** A run without results of dbt, as its build was skipped or never got to one, leaves those of the run before standing. */
export function batchRunSamples({ dag, dbt }: BatchRun, nowMs: number): readonly Sample[] {
  if (dag === undefined) return [];
  const { dagRunTime, dbtResults } = BATCH_METRICS;
  const sample = (name: string, labels: Readonly<Record<string, string>>, value: number): Sample => ({
    labels: seriesLabels({ __name__: name, ...labels }),
    value: String(value),
    timestampMs: nowMs,
  });
  return [
    sample(dagRunTime.name, { dag }, nowMs / 1000),
    ...(dbt
      ? DBT_STATUSES.map((status) => sample(dbtResults.name, { dag, status }, countOf(dbt, status)))
      : []),
  ];
}

/** dbt has words for a few ends more, all of which are errors but a model that had nothing to do. */
function countOf(dbt: Readonly<Record<string, number>>, status: (typeof DBT_STATUSES)[number]): number {
  if (status !== 'error') return dbt[status] ?? 0;
  const known: readonly string[] = [...DBT_STATUSES.filter((each) => each !== 'error'), 'no-op', 'reused'];
  return Object.entries(dbt).reduce((sum, [each, count]) => (known.includes(each) ? sum : sum + count), 0);
}

const batchRunSchema = z.strictObject({
  dag: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,250}$/, 'expected the id of a DAG')
    .optional(),
  /** Models and tests by dbt's status; null where the run built nothing. */
  dbt: z.record(z.string(), z.int().min(0)).nullish(),
});

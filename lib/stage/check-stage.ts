import type * as z from 'zod';
import { checkBatch } from './check-batch.ts';
import { checkDashboards } from './check-dashboards.ts';
import { checkExporter } from './check-exporter.ts';
import { checkConsumer, checkMetricsStore, checkPollers, checkRetry } from './check-metrics.ts';
import { checkNetwork, checkPlace } from './check-network.ts';
import { checkOperations } from './check-operations.ts';
import { checkBrokerCount, checkBrokers, checkReplication, checkTopics } from './check-stream.ts';
import { checkConnect, checkKeys, checkTasks } from './check-warehouse.ts';
import type { Problem } from './problem.ts';
import { stageSchema } from './stage.ts';
import type { StageSettings } from './stage.ts';

export type Checked =
  | { readonly kind: 'ok'; readonly settings: StageSettings }
  | { readonly kind: 'wrong'; readonly problems: readonly [Problem, ...Problem[]] };

type Section = keyof StageSettings;

interface Check {
  readonly needs: readonly Section[];
  readonly find: (settings: StageSettings) => readonly Problem[];
}

/**
 * Finds all that is wrong at once: where one section has not even the shape, the checks that do not read it still run.
 */
export function checkStage(settings: unknown): Checked {
  const parsed = stageSchema.safeParse(settings);
  const shape = parsed.success ? [] : parsed.error.issues.map((issue) => shapeProblem(issue, settings));
  const misshapen = new Set(shape.map(({ field }) => field.split('.')[0]));
  const problems = CHECKS.filter(
    ({ needs }) => !misshapen.has('') && !needs.some((section) => misshapen.has(section)),
    // the sections that the check reads have been parsed
  ).flatMap(({ find }) => find(settings as StageSettings));
  const [first, ...rest] = [...shape, ...problems];
  if (first !== undefined) return { kind: 'wrong', problems: [first, ...rest] };
  if (!parsed.success) throw new Error('expected problems of what could not be parsed, got none');
  return { kind: 'ok', settings: parsed.data };
}

const check = <K extends Section>(
  needs: readonly K[],
  find: (settings: Pick<StageSettings, K>) => readonly Problem[],
): Check => ({ needs, find });

const CHECKS: readonly Check[] = [
  check(['region', 'zones'], checkPlace),
  check(['zones', 'network'], checkNetwork),
  check(['stream'], checkBrokers),
  check(['zones', 'stream'], checkBrokerCount),
  check(['stream'], checkReplication),
  check(['isProtected', 'stream'], checkTopics),
  check(['exporter'], checkExporter),
  check(['metrics'], checkMetricsStore),
  check(['metrics'], checkConsumer),
  check(['stream', 'metrics'], checkPollers),
  check(['stream', 'metrics'], checkRetry),
  check(['warehouse'], checkConnect),
  check(['warehouse'], checkKeys),
  check(['stream', 'warehouse'], checkTasks),
  check(['batch'], checkBatch),
  check(['dashboards'], checkDashboards),
  check(['operations'], checkOperations),
];

function shapeProblem(issue: z.core.$ZodIssue, settings: unknown): Problem {
  if (issue.code === 'unrecognized_keys') {
    return {
      field: [...issue.path, issue.keys.join(', ')].join('.'),
      expected: 'no setting of this name',
      got: valueAt(settings, [...issue.path, issue.keys[0] ?? '']),
      fix: 'lib/stage/stage.ts has the names',
    };
  }
  return {
    field: issue.path.join('.'),
    // zod's own words, without its own beginning and end
    expected: issue.message.replace(/^Invalid .*?[:.] [Ee]xpected /, '').replace(/, received .*$/, ''),
    got: valueAt(settings, issue.path),
  };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

import { parser } from '@prometheus-io/lezer-promql';
import * as z from 'zod';
import type { PanelAnswer, VariableAnswer } from '#local/page/dashboards/dashboard-answers.ts';
import type { Dashboard } from '#local/page/dashboards/dashboard-schema.ts';
import { loadDashboards, panelsOf } from '#local/page/dashboards/load-dashboards.ts';
import { kindsOf } from '#local/page/dashboards/target-kinds.ts';
import { orderOptions } from '#local/page/dashboards/variable-options.ts';

/** What became of a query: `rows`, `nothing`, or why it was refused. */
export interface Outcome {
  /** Of which dashboard and panel, or of which rule. */
  readonly query: string;
  readonly promql: string;
  readonly answer: string;
}

/** The page's API, or the code behind it. */
type Ask = (path: string, parameters: URLSearchParams) => Promise<PanelAnswer | VariableAnswer>;

const POINTS = '400';

/**
 * Every query of every panel, annotation and variable, asked as the browser does, with variables as they stand at first, or
 * with the one symbol that is given.
 */
export async function askDashboards(
  ask: Ask,
  range: { readonly fromMs: number; readonly toMs: number },
  symbol?: string,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [uid, dashboard] of loadDashboards()) {
    const base = { dashboard: uid, from: String(range.fromMs), to: String(range.toMs) };
    const chosen: [string, string][] = [];
    const tried = async (query: string, promql: string, path: string, more: Record<string, string>) => {
      const answer = await ask(
        path,
        new URLSearchParams([...Object.entries({ ...base, ...more }), ...chosen]),
      );
      outcomes.push({ query: `${dashboard.title} / ${query}`, promql, answer: outcomeOf(answer) });
      return answer;
    };
    for (const { name, query, type, includeAll, ...variable } of dashboard.templating.list) {
      if (type !== 'query') {
        if (type === 'custom') chosen.push([`var-${name}`, query.split(',')[0] ?? '']);
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- in order: a variable may hold one before it
      const answer = await tried(`variable ${name}`, query, '/api/variable', { name });
      const options = answer.kind === 'values' ? orderOptions(variable, answer.values) : [];
      const first = includeAll ? '$__all' : (options[0] ?? '');
      chosen.push([`var-${name}`, (name === 'symbol' && symbol) || first]);
    }
    for (const { id, title, refId, expr, kind } of queriesOf(dashboard)) {
      const more = { panel: String(id), ref: refId, kind, points: POINTS };
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a small machine can
      await tried(`${title} / ${refId} ${kind}`, expr, '/api/panel', more);
    }
    for (const { name, expr } of dashboard.annotations.list) {
      // oxlint-disable-next-line no-await-in-loop
      if (expr) await tried(`annotation ${name}`, expr, '/api/annotation', { annotation: name });
    }
  }
  return outcomes;
}

function queriesOf(dashboard: Dashboard) {
  return panelsOf(dashboard).flatMap(({ id, title, targets }) =>
    targets.flatMap((target) => kindsOf(target).map((kind) => ({ id, title, ...target, kind }))),
  );
}

function outcomeOf(answer: PanelAnswer | VariableAnswer): string {
  if (answer.kind === 'refused') return answer.reason;
  if (answer.kind === 'values') return answer.values.length > 0 ? 'rows' : 'nothing';
  if (answer.kind === 'series') {
    const numbers = answer.series.flatMap(({ samples }) => samples).filter(([, value]) => value !== 'NaN');
    return numbers.length > 0 ? 'rows' : 'nothing';
  }
  return `${answer.kind} ${answer.url}`;
}

const rulesSchema = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            type: z.enum(['alerting', 'recording']),
            name: z.string(),
            query: z.string(),
            health: z.string(),
            lastError: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
});

/**
 * Of each rule that Prometheus runs: its health, where it has run already (some groups do every five minutes), and each series that its expression asks for, over the last hour; the same
 * of the annotations' expressions, which have rows only where something happened.
 */
export async function askRules(prometheus: string): Promise<readonly Outcome[]> {
  const get = async (path: string) => (await fetch(`${prometheus}${path}`)).json();
  const { data } = rulesSchema.parse(await get('/api/v1/rules'));
  const rules = data.groups.flatMap((group) => group.rules);
  const outcomes: Outcome[] = rules.map(({ name, query, health, lastError }) => ({
    query: `rule ${name}`,
    promql: query,
    answer: health === 'err' ? `failed: ${lastError ?? ''}` : 'rows',
  }));
  const selectors = rules.flatMap(({ name, query, type }) => [
    ...selectorsIn(query).map((selector) => [selector, name] as const),
    ...(type === 'recording' ? [[name, name] as const] : []),
  ]);
  for (const dashboard of loadDashboards().values())
    for (const { name, expr } of dashboard.annotations.list)
      for (const selector of selectorsIn(expr ?? '')) selectors.push([selector, `annotation ${name}`]);
  for (const [selector, rule] of new Map(selectors)) {
    const promql = `count(last_over_time(${selector}[1h]))`;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const answer = await get(`/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`);
    const rows = countSchema.parse(answer).data.result.length;
    outcomes.push({ query: `series of ${rule}: ${selector}`, promql, answer: rows > 0 ? 'rows' : 'nothing' });
  }
  return outcomes;
}

const countSchema = z.object({ data: z.object({ result: z.array(z.unknown()) }) });

/** The series that an expression asks for, each as `name{label="value"}`. */
function selectorsIn(promql: string): readonly string[] {
  const found: string[] = [];
  parser.parse(promql).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`expected PromQL, got ${promql}`);
      if (name === 'VectorSelector') found.push(promql.slice(from, to));
    },
  });
  return found;
}

/**
 * What is wrong: queries that had no rows, but for those that hold the text of an exception, and exceptions that are not
 * needed.
 */
export function withoutRows(
  outcomes: readonly Outcome[],
  exceptions: Readonly<Record<string, string>>,
): readonly (Outcome | string)[] {
  if (outcomes.length < 20) return [`expected at least 20 queries, got ${outcomes.length}`];
  const texts = Object.keys(exceptions);
  const holds = ({ query, promql }: Outcome, text: string) => promql.includes(text) || query.includes(text);
  const empty = outcomes.filter(({ answer }) => answer !== 'rows');
  return [
    ...empty.filter((one) => one.answer !== 'nothing' || !texts.some((text) => holds(one, text))),
    ...texts
      .filter((text) => !empty.some((one) => holds(one, text)))
      .map((text) => `all queries with ${text} have rows: take it off the exceptions`),
  ];
}

import * as z from 'zod';
import { MINUTE_MS } from '#domain/candle.ts';
import type { PanelAnswer, VariableAnswer } from '#local/page/dashboards/dashboard-answers.ts';
import { askDashboards, askRules, withoutRows } from '#test/grafana/every-query.ts';
import type { Outcome } from '#test/grafana/every-query.ts';
import type { Pipeline } from './pipeline.ts';

/** Of queries that hold such a text some have no rows in a short replay that goes well. */
const EXCEPTIONS = {
  ' / annotation': 'marks what happened, and nothing did: its series are asked by themselves',
  ALERTS: 'none is firing',
  'Symbols without candles': 'all have candles',
  _24h: 'is recorded once there is a day',
  USDC: 'the recording has no pair of two dollars',
};

/** What is wrong with the queries of dashboards and rules in a pipeline that has just started and goes well. */
export async function unansweredQueries(pipeline: Pipeline): Promise<readonly unknown[]> {
  const range = { fromMs: Date.now() - 60 * MINUTE_MS, toMs: Date.now() };
  const ask = async (path: string, parameters: URLSearchParams) => {
    const response = await fetch(`${pipeline.url(0)}${path}?${parameters.toString()}`);
    return (await response.json()) as PanelAnswer | VariableAnswer; // as the page's server promises
  };
  const outcomes = [
    ...(await askDashboards(ask, range)),
    ...(await askDashboards(ask, range, 'ETHUSDT')),
    ...(await askRules(pipeline.url(4))),
  ];
  return withoutRows(outcomes.filter(isOfShortRun), EXCEPTIONS);
}

/** Not what asks for candles of hours: the test of the panels' values has a whole day of them, and asks it all. */
function isOfShortRun({ query, promql }: Outcome): boolean {
  if (query.startsWith('Market ')) return promql.includes('crypto_exporter_');
  return !query.includes('return_1h');
}

const alertsSchema = z.object({ data: z.object({ result: z.array(z.object({ metric: z.unknown() })) }) });

/** The alerts that were firing at any time of the last hour. */
export async function firedAlerts(pipeline: Pipeline): Promise<readonly unknown[]> {
  const form = new URLSearchParams({ query: 'max_over_time(ALERTS{alertstate="firing"}[1h])' });
  const answer = await fetch(`${pipeline.url(4)}/api/v1/query?${form.toString()}`);
  return alertsSchema.parse(await answer.json()).data.result.map(({ metric }) => metric);
}

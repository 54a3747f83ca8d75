import * as z from 'zod';
import type { Sample } from '#local/page/answers.ts';
import { getJson } from '#local/page/prometheus.ts';
import type { PanelAnswer, VariableAnswer } from './dashboard-answers.ts';
import type { LabelRequest, PanelRequest } from './request.ts';

/** Asks Prometheus; what it does not understand of a query comes back in its own words. */
export async function askPanel(
  baseUrl: string,
  request: Exclude<PanelRequest, { kind: 'refused' }>,
): Promise<PanelAnswer> {
  const form = new URLSearchParams({ query: request.promql });
  if (request.kind === 'instant') form.set('time', seconds(request.timeMs));
  else {
    form.set('start', seconds(request.startMs));
    form.set('end', seconds(request.endMs));
    form.set('step', seconds(request.stepMs));
  }
  const path = request.kind === 'instant' ? 'query' : 'query_range';
  const answer = await getJson(
    `${baseUrl}/api/v1/${path}?${form.toString()}`,
    z.union([dataSchema, errorSchema]),
    STATUSES,
  );
  if (answer.kind === 'unreachable') return { ...answer, url: baseUrl };
  if (answer.body.status === 'error') return { kind: 'refused', reason: answer.body.error };
  const stepMs = request.kind === 'range' ? request.stepMs : 0;
  return { kind: 'series', stepMs, series: toSeries(answer.body.data) };
}

/** The label's values that series in this time had. */
export async function askLabelValues(
  baseUrl: string,
  { label, selector }: LabelRequest,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<VariableAnswer> {
  const form = new URLSearchParams({ start: seconds(fromMs), end: seconds(toMs) });
  if (selector !== undefined) form.set('match[]', selector);
  const answer = await getJson(
    `${baseUrl}/api/v1/label/${label}/values?${form.toString()}`,
    z.union([valuesSchema, errorSchema]),
    STATUSES,
  );
  if (answer.kind === 'unreachable') return { ...answer, url: baseUrl };
  if (answer.body.status === 'error') return { kind: 'refused', reason: answer.body.error };
  return { kind: 'values', values: answer.body.data };
}

/** 400 and 422 say that a query is wrong or asks for too much. */
const STATUSES = [200, 400, 422];

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const sample = z.tuple([z.number(), z.string()]);
const metric = z.record(z.string(), z.string());

const resultSchema = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric, value: sample })) }),
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric, values: z.array(sample) })),
  }),
  z.object({ resultType: z.literal('scalar'), result: sample }),
]);

const dataSchema = z.object({ status: z.literal('success'), data: resultSchema });
const valuesSchema = z.object({ status: z.literal('success'), data: z.array(z.string()) });
const errorSchema = z.object({ status: z.literal('error'), error: z.string() });

function toSeries(data: z.infer<typeof resultSchema>) {
  switch (data.resultType) {
    case 'scalar':
      return [{ labels: {}, samples: [toSample(data.result)] }];
    case 'vector':
      return data.result.map((one) => ({ labels: one.metric, samples: [toSample(one.value)] }));
    case 'matrix':
      return data.result.map((one) => ({ labels: one.metric, samples: one.values.map(toSample) }));
  }
}

/** Prometheus writes ms as seconds with three decimals. */
function toSample([time, value]: readonly [number, string]): Sample {
  return [Math.round(time * 1000), value];
}

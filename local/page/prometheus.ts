import * as z from 'zod';
import type { SeriesAnswer, SymbolsAnswer, Unreachable } from './answers.ts';
import { SYMBOLS_LOOKBACK_MS, SYMBOLS_SELECTOR } from './queries.ts';
import type { PromQuery } from './queries.ts';

const TIMEOUT_MS = 5_000;

export async function askPrometheus(baseUrl: string, query: PromQuery, nowMs: number): Promise<SeriesAnswer> {
  const path = query.kind === 'instant' ? 'query' : 'query_range';
  const form = new URLSearchParams({ query: query.promql });
  if (query.kind === 'range') {
    form.set('start', (query.startMs / 1000).toFixed(3));
    form.set('end', (query.endMs / 1000).toFixed(3));
    form.set('step', String(query.stepSeconds));
  }
  const answer = await getJson(`${baseUrl}/api/v1/${path}?${form.toString()}`, dataSchema);
  if (answer.kind === 'unreachable') return { ...answer, url: baseUrl };
  return { kind: 'series', nowMs, series: answer.body.data.result.map(toSeries) };
}

/** Every symbol that the store has held a candle of in the last day. */
export async function askSymbols(baseUrl: string, nowMs: number): Promise<SymbolsAnswer> {
  const form = new URLSearchParams({
    'match[]': SYMBOLS_SELECTOR,
    start: ((nowMs - SYMBOLS_LOOKBACK_MS) / 1000).toFixed(3),
  });
  const answer = await getJson(`${baseUrl}/api/v1/label/symbol/values?${form.toString()}`, valuesSchema);
  if (answer.kind === 'unreachable') return { ...answer, url: baseUrl };
  return { kind: 'symbols', symbols: answer.body.data };
}

/** Asks a part of ours over HTTP. Any failure, a wrong body included, is `unreachable` with its cause in words. */
export async function getJson<T>(
  url: string,
  schema: z.ZodType<T>,
  acceptedStatuses: readonly number[] = [200],
): Promise<{ readonly kind: 'body'; readonly body: T } | Unreachable> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (!acceptedStatuses.includes(response.status)) {
      const detail = `it answered ${response.status}: ${text.replaceAll(/\s+/g, ' ').slice(0, 200)}`;
      return { kind: 'unreachable', url, detail };
    }
    return { kind: 'body', body: schema.parse(JSON.parse(text)) };
  } catch (error) {
    return { kind: 'unreachable', url, detail: inWords(error) };
  }
}

function inWords(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'its answer was not understood';
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it gave no answer within ${TIMEOUT_MS / 1000} s`;
  const cause: unknown = error.cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  return typeof code === 'string' ? `the connection failed (${code})` : error.message;
}

const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());

const resultSchema = z.union([
  z.object({ metric: labels, value: sample }),
  z.object({ metric: labels, values: z.array(sample) }),
]);

const dataSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.enum(['vector', 'matrix']), result: z.array(resultSchema) }),
});

const valuesSchema = z.object({ status: z.literal('success'), data: z.array(z.string()) });

function toSeries(result: z.infer<typeof resultSchema>) {
  const values = 'values' in result ? result.values : [result.value];
  // Prometheus writes ms as seconds with three decimals.
  const samples = values.map(([seconds, value]) => [Math.round(seconds * 1000), value] as const);
  return { labels: result.metric, samples };
}

import * as z from 'zod';
import { CANDLE_METRICS, CONSUMER_METRICS } from '#domain/metrics.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import type { LedgerEntry } from '#local/exchange/ledger.ts';
import { valuesOf } from '#local/supervisor/metrics-text.ts';

export interface MetricsCheck {
  readonly compared: number;
  /** Closed at the exchange, and not in the store. */
  readonly absent: readonly string[];
  readonly wrong: readonly string[];
}

const matrixSchema = z.object({
  data: z.object({ result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })) }),
});

/** Holds the store's closes against the exchange's: one sample a candle, at its close time. */
export async function checkMetrics(url: string, ledger: readonly LedgerEntry[]): Promise<MetricsCheck> {
  const absent: string[] = [];
  const wrong: string[] = [];
  const bySymbol = Map.groupBy(ledger, ({ symbol }) => symbol);
  for (const [symbol, entries] of bySymbol) {
    const times = entries.map(({ openTime }) => openTime);
    const [first, last] = [Math.min(...times), Math.max(...times) + MINUTE_MS];
    const query = `${CANDLE_METRICS.close}{symbol="${symbol}"}[${Math.ceil((last - first) / 1000) + 1}s]`;
    const form = new URLSearchParams({ query, time: String(last / 1000) });
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as a small machine can
    const answer: unknown = await (await fetch(`${url}/api/v1/query?${form.toString()}`)).json();
    const stored = new Map(
      matrixSchema
        .parse(answer)
        .data.result.flatMap(({ values }) =>
          values.map(([seconds, value]) => [Math.round(seconds * 1000), value]),
        ),
    );
    for (const { openTime, row } of entries) {
      const name = `${symbol} ${new Date(openTime).toISOString()}`;
      const close = stored.get(openTime + MINUTE_MS - 1);
      if (close === undefined) absent.push(name);
      else if (Number(close) !== Number(row[4])) wrong.push(`${name}: ${row[4]} is ${close}`);
    }
  }
  return { compared: ledger.length, absent, wrong };
}

const vectorSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** Whether the store has the candle of this minute of so many symbols. */
export async function hasMinute(url: string, openMs: number, symbols: number): Promise<boolean> {
  const query = `count(last_over_time(${CANDLE_METRICS.close}[59s]))`;
  const form = new URLSearchParams({ query, time: String((openMs + MINUTE_MS) / 1000) });
  const answer: unknown = await (await fetch(`${url}/api/v1/query?${form.toString()}`)).json();
  return Number(vectorSchema.parse(answer).data.result[0]?.value[1] ?? 0) >= symbols;
}

/** Candles that the consumer has counted as such that the store can't take; it counts anew after each start. */
export async function countDropped(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return valuesOf(text, CONSUMER_METRICS.dropped.name).reduce((sum, value) => sum + value, 0);
}

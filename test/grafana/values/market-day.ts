import { join } from 'node:path';
import * as z from 'zod';
import type { Candle } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { MARKET_RECORDINGS } from '#grafana/rules/market-metrics.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { candleAt } from '#test/candles.ts';
import { recordedBucket } from '#test/e2e/recorded-candles.ts';
import type { Bucket } from '#test/e2e/recorded-candles.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { writeCandles, writeSamples } from '#test/local/prometheus/write-candles.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
type DaySymbol = (typeof SYMBOLS)[number];

const MINUTES = 26 * 60;
/** Written at a time, and then asked for what the rules record: the store takes nothing more than an hour behind its newest. */
const CHUNK = 30;
/** Minutes before the end that have no candle: one, three and eight in a row, as in an outage of the exporter. */
const MISSING = [30, 100, 101, 102, 300, 301, 302, 303, 304, 305, 306, 307];
/** A minute before the end in which nobody traded: a candle, with the close before as its price. */
const WITHOUT_TRADES = 20;

/** Of one symbol by minute, counted from 1970; a minute without a candle is absent. */
export type DayCandles = ReadonlyMap<number, Bucket>;

/**
 * A real Prometheus with 26 hours of two recorded symbols that end at a full minute, written in the order of time by the
 * consumer's samples and the pipeline's encoder. The market's recording rules are asked for each minute as their group
 * does, and what they say is written back: Prometheus itself records nothing for the past.
 */
export async function startMarketDay(endMs: number) {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder());
  const [port = 0] = await freePorts(1);
  const store = resources.use(
    await startPrometheus({
      port,
      dataDir: join(folder.path, 'data'),
      configFile: join(folder.path, 'prometheus.yml'),
      logFile: join(folder.path, 'prometheus.log'),
    }),
  );
  const endMinute = endMs / MINUTE_MS;
  const days = new Map<string, DayCandles>(SYMBOLS.map((symbol) => [symbol, dayOf(symbol, endMinute)]));
  for (let minute = endMinute - MINUTES; minute < endMinute; minute += CHUNK) {
    const candles = [...days].flatMap(([symbol, day]) =>
      Array.from({ length: CHUNK }, (_, index) => candleOf(symbol, minute + index, day.get(minute + index))),
    );
    const present = candles.filter((candle) => candle !== undefined);
    // oxlint-disable-next-line no-await-in-loop -- in the order of time
    await writeCandles(store.remoteWriteUrl, present, endMs);
    // oxlint-disable-next-line no-await-in-loop
    await record(store, (minute + 1) * MINUTE_MS, (minute + CHUNK) * MINUTE_MS);
  }
  const owned = resources.move();
  return { url: store.url, days, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function dayOf(symbol: DaySymbol, endMinute: number): DayCandles {
  const day = new Map<number, Bucket>();
  for (let ago = MINUTES; ago > 0; ago--) {
    if (MISSING.includes(ago)) continue;
    const minute = endMinute - ago;
    const bucket = recordedBucket(symbol, minute * MINUTE_MS, 1);
    const before = day.get(minute - 1)?.close;
    day.set(minute, ago === WITHOUT_TRADES && before !== undefined ? untraded(before) : bucket);
  }
  return day;
}

function untraded(close: string): Bucket {
  const none = { baseVolume: '0', quoteVolume: '0', takerBuyBaseVolume: '0', takerBuyQuoteVolume: '0' };
  return { open: close, high: close, low: close, close, trades: 0, ...none };
}

function candleOf(symbol: string, minute: number, bucket: Bucket | undefined): Candle | undefined {
  return bucket && candleAt(minute * MINUTE_MS, symbol, bucket);
}

const matrix = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

/** An expression at each step of a minute, as Prometheus answers it. */
export async function askRange(url: string, promql: string, startMs: number, endMs: number) {
  const form = { query: promql, start: String(startMs / 1000), end: String(endMs / 1000), step: '60' };
  const response = await fetch(`${url}/api/v1/query_range?${new URLSearchParams(form).toString()}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${promql}: ${JSON.stringify(body)}`);
  return matrix.parse(body).data.result;
}

async function record(
  store: { readonly url: string; readonly remoteWriteUrl: string },
  startMs: number,
  endMs: number,
): Promise<void> {
  for (const { name, expr } of Object.values(MARKET_RECORDINGS)) {
    // oxlint-disable-next-line no-await-in-loop -- one may ask for what the one before recorded
    const recorded = await askRange(store.url, expr, startMs, endMs);
    const samples = recorded.flatMap(({ metric, values }) => {
      const labels = seriesLabels({ ...metric, __name__: name });
      return values.map(([seconds, value]) => ({ labels, timestampMs: seconds * 1000, value }));
    });
    // oxlint-disable-next-line no-await-in-loop
    await writeSamples(store.remoteWriteUrl, samples);
  }
}

import { expect, vi } from 'vitest';
import { identityOf, MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { readCandles, readLedger, readMetric } from './pipeline.ts';
import type { LedgerEntry, Pipeline } from './pipeline.ts';

const identity = ({ symbol, openTime }: LedgerEntry) =>
  identityOf({ exchange: 'binance', symbol, interval: '1m', openTime: toInstant(openTime) });

/** Both stores hold every candle of the ledger, with the ledger's values, and Kafka holds no other. */
export async function expectEverything(pipeline: Pipeline, to: number): Promise<number> {
  const ledger = await readLedger(pipeline.url(1), { to });

  const candles = await vi.waitFor(
    async () => {
      const found = await readCandles(pipeline.brokers, CANDLE_TOPIC);
      expect(ledger.filter((entry) => !found.has(identity(entry))).map(identity)).toEqual([]);
      return found;
    },
    { timeout: 60_000, interval: 2000 },
  );
  for (const entry of ledger) {
    const values = Object.fromEntries(
      Object.entries(COLUMNS).map(([field, column]) => [field, entry.row[column]]),
    );
    for (const candle of candles.get(identity(entry)) ?? []) {
      // The same characters: no float has been near them.
      expect(candle).toMatchObject(values);
    }
  }
  const known = new Set(
    (await readLedger(pipeline.url(1), { from: Date.now() - 240 * MINUTE_MS, to: Date.now() })).map(identity),
  );
  expect([...candles.keys()].filter((key) => !known.has(key))).toEqual([]);

  for (const [field, metric] of Object.entries(CANDLE_METRICS)) {
    const column = COLUMNS[field as keyof typeof COLUMNS]; // the same keys, checked by `satisfies`
    await vi.waitFor(
      async () => {
        const values = await readMetric(pipeline.url(4), metric);
        const wrong = ledger.filter(
          ({ symbol, openTime, row }) =>
            values.get(symbol)?.get(openTime + MINUTE_MS - 1) !== Number(row[column]),
        );
        expect(wrong.map((entry) => `${metric} ${identity(entry)}`)).toEqual([]);
      },
      { timeout: 60_000, interval: 2000 },
    );
  }
  return ledger.length;
}

const COLUMNS = {
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  baseVolume: 5,
  quoteVolume: 7,
  trades: 8,
  takerBuyBaseVolume: 9,
  takerBuyQuoteVolume: 10,
} as const satisfies Record<keyof typeof CANDLE_METRICS, number>;

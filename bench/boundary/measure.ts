import { setTimeout as delay } from 'node:timers/promises';
import type { RunReport } from '#bench/run/bench.ts';
import { percentile, queryableAfter } from './close-minutes.ts';
import type { BoundaryMarket } from './close-minutes.ts';

interface Measured {
  readonly market: BoundaryMarket;
  readonly symbols: number;
  readonly boundaries: number;
  readonly url: string;
  readonly metric: string;
  /** A sample has the candle's time, rather than that of a scrape. */
  readonly atCloseTime: boolean;
  /** Between two boundaries, so that they fall on all phases of what turns meanwhile. */
  readonly pauseMs: () => number;
}

/** Far beyond what either needs. */
const WITHIN_MS = 60_000;

/** The first boundary warms all parts up and is not counted. */
export async function measureBoundaries(options: Measured): Promise<RunReport> {
  const { market, symbols, boundaries, url, metric, atCloseTime, pauseMs } = options;
  const latencies: number[] = [];
  for (let boundary = 0; boundary <= boundaries; boundary += 1) {
    const { sentMs, closeMs, price } = market.closeMinute();
    const store = { url, metric, ...(atCloseTime && { atMs: closeMs }) };
    const after = await queryableAfter(store, { sentMs, price, symbols }, WITHIN_MS);
    if (boundary > 0) latencies.push(...after);
    await delay(pauseMs());
  }
  return {
    counts: { samples: latencies.length },
    figures: {
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
      maxMs: percentile(latencies, 100),
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '#bench/run/definition.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';
import type { BoundaryExchange } from './exchange.ts';
import { firstSeen } from './first-seen.ts';
import type { Market } from './market.ts';
import { openMsOf } from './market.ts';
import { cpuSecondsOf } from './parts.ts';

export interface Measured {
  readonly market: Market;
  readonly exchange: BoundaryExchange;
  readonly prometheusUrl: string;
  readonly metric: string;
  /** Close time of its candle, or when it was scraped. */
  readonly sampleTime: 'close' | 'scrape';
  /** All but the exchange and who asks. */
  readonly processes: readonly RunningProcess[];
  readonly boundaries: number;
  /** From boundary to boundary, unless a sample takes longer. */
  readonly everyMs: number;
}

/** One symbol at one boundary. */
export interface Passage {
  readonly symbol: string;
  readonly closeMs: number;
  readonly writtenMs: number;
  readonly seenMs: number;
}

const ONE_MINUTE_TIMEOUT_MS = 120_000;

/** Closes a first minute that is not counted, with which all caches and series come to be, and then those that are. */
export async function measureBoundaries(measured: Measured): Promise<{
  readonly report: RunReport;
  readonly passages: readonly Passage[];
}> {
  const { exchange, boundaries, everyMs, processes } = measured;
  while (!exchange.allSubscribed()) await sleep(100);
  await passMinute(measured, 0);
  await sleep(everyMs);

  const cpuBefore = cpuSecondsOf(processes);
  const startMs = performance.now();
  const passages: Passage[] = [];
  for (let boundary = 1; boundary <= boundaries; boundary += 1) {
    passages.push(...(await passMinute(measured, boundary)));
    await sleep(Math.max(0, startMs + boundary * everyMs - performance.now()));
  }
  const latencies = passages.map(({ writtenMs, seenMs }) => seenMs - writtenMs);
  const cpuAfter = cpuSecondsOf(processes);
  return {
    passages,
    report: {
      counts: { samples: passages.length },
      ...(cpuBefore !== undefined && cpuAfter !== undefined && { cpuSeconds: cpuAfter - cpuBefore }),
      wallSeconds: (performance.now() - startMs) / 1000,
      figures: {
        p50Ms: percentile(latencies, 50),
        p99Ms: percentile(latencies, 99),
        maxMs: Math.max(...latencies),
      },
    },
  };
}

async function passMinute(measured: Measured, minute: number): Promise<readonly Passage[]> {
  const { market, exchange, prometheusUrl, metric, sampleTime } = measured;
  const closeMs = openMsOf(market, minute) + MINUTE_MS - 1;
  const writtenMs = exchange.closeMinute();
  const seen = await firstSeen(market, {
    prometheusUrl,
    metric,
    minute,
    atSeconds: sampleTime === 'close' ? closeMs / 1000 : undefined,
    timeoutMs: ONE_MINUTE_TIMEOUT_MS,
  });
  return [...seen].map(([symbol, seenMs]) => ({ symbol, closeMs, writtenMs, seenMs }));
}

/** The smallest value that at least so many percent of them do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('expected values to take a percentile of, got none');
  return value;
}

import { deliver, NOTHING_DELIVERED } from '#remote-write/deliver.ts';
import type { RequestCounts } from '#remote-write/deliver.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import type { GroupedSamples } from '#remote-write/group-by-series.ts';
import { splitRequests } from '#remote-write/split-requests.ts';
import { gaugeSamples, latencySamples } from './candle-samples.ts';
import type { CandleSample } from './candle-samples.ts';
import type { SeriesOf } from './candle-series.ts';
import type { ReceivedCandle } from './decode-records.ts';
import type { ConsumerPorts } from './ports.ts';
import type { RefusedCandleSample } from './rejection.ts';

export interface SentCandles {
  readonly stored: number;
  /** Left out or refused because the very same sample is there already. */
  readonly duplicates: number;
  readonly refused: readonly RefusedCandleSample[];
  /** A second latency for a candle that has one: what a replay does. */
  readonly latencyReplays: number;
  readonly unsent: readonly CandleSample[];
  readonly gaveUp: string | undefined;
  readonly requests: RequestCounts;
}

/**
 * Gauges and latencies travel in different requests: `consume` and `total` differ on every delivery, so a replayed
 * latency conflicts with the first one, and the store would roll good prices back with it.
 */
export async function sendCandles(
  candles: readonly ReceivedCandle[],
  deadlineMs: number,
  seriesOf: SeriesOf,
  ports: ConsumerPorts,
): Promise<SentCandles> {
  const gauges = groupBySeries(candles.flatMap((candle) => gaugeSamples(candle, seriesOf)));
  const sentGauges = await deliver(splitRequests(gauges.samples), deadlineMs, ports);

  const nowMs = ports.now();
  const latency = groupBySeries(candles.flatMap((candle) => latencySamples(candle, seriesOf, nowMs)));
  // Without time or access for the gauges there is none for the rest, which comes back with its records.
  const sentLatency =
    sentGauges.gaveUp === undefined
      ? await deliver(splitRequests(latency.samples), deadlineMs, ports)
      : { ...NOTHING_DELIVERED, unsent: latency.samples };

  const gaugeOutcome = withoutDuplicates([...conflictsInBatch(gauges), ...sentGauges.refused]);
  const latencyOutcome = withoutReplays(withoutDuplicates(sentLatency.refused).refused);
  return {
    stored: sentGauges.stored + sentLatency.stored,
    duplicates: gauges.duplicates + latency.duplicates + gaugeOutcome.duplicates,
    refused: [...gaugeOutcome.refused, ...latencyOutcome.refused],
    latencyReplays: latency.conflicts.length + latencyOutcome.replays,
    unsent: [...sentGauges.unsent, ...sentLatency.unsent],
    gaveUp: sentGauges.gaveUp ?? sentLatency.gaveUp,
    requests: addCounts(sentGauges.requests, sentLatency.requests),
  };
}

function conflictsInBatch({ conflicts }: GroupedSamples<CandleSample>): readonly RefusedCandleSample[] {
  return conflicts.map((sample) => ({
    sample,
    reason: 'conflict',
    detail: 'expected one value for a time, got another one earlier in the same batch, which stays',
  }));
}

function withoutDuplicates(refused: readonly RefusedCandleSample[]) {
  const rest = refused.filter(({ reason }) => reason !== 'duplicate');
  return { refused: rest, duplicates: refused.length - rest.length };
}

/** A replay brings other latencies, or ones that are late for a store without an out-of-order window. */
function withoutReplays(refused: readonly RefusedCandleSample[]) {
  const rest = refused.filter(({ reason }) => reason !== 'conflict' && reason !== 'out-of-order');
  return { refused: rest, replays: refused.length - rest.length };
}

function addCounts(a: RequestCounts, b: RequestCounts): RequestCounts {
  return {
    stored: a.stored + b.stored,
    refused: a.refused + b.refused,
    unavailable: a.unavailable + b.unavailable,
    forbidden: a.forbidden + b.forbidden,
    misconfigured: a.misconfigured + b.misconfigured,
  };
}

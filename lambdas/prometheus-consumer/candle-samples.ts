import type { Candle } from '#domain/candle.ts';
import type { LatencyStage } from '#domain/metrics.ts';
import { Sample } from '#remote-write/sample.ts';
import type { SeriesLabels } from '#remote-write/series-labels.ts';
import type { CandleMetric, SeriesOf } from './candle-series.ts';
import type { ReceivedCandle } from './decode-records.ts';
import type { DeliveredRecord } from './msk-event.ts';

/** A sample, and the record it came from. */
export class CandleSample extends Sample {
  readonly record: DeliveredRecord;

  constructor(labels: SeriesLabels, timestampMs: number, value: string, record: DeliveredRecord) {
    super(labels, timestampMs, value);
    this.record = record;
  }
}

/** The candle's own numbers: the same on every delivery, so an exact replay changes nothing. */
export function gaugeSamples(received: ReceivedCandle, seriesOf: SeriesOf): readonly CandleSample[] {
  const { candle, record, closeMs } = received;
  const { gauges } = seriesOf(candle);
  return METRICS.map((metric) => new CandleSample(gauges[metric], closeMs, String(candle[metric]), record));
}

/**
 * How long each stage took, in seconds, negative when a clock was behind. `consume` and `total` end now, so they
 * differ on every delivery.
 *
 * Only a candle from the live stream has all five. One that was fetched later (REST, archive) has no event time, and
 * its age since the close is the age of the hole it fills, which would make `total` say that the live path is slow;
 * `publish` and `consume` are our own hops and mean the same for every candle.
 */
export function latencySamples(
  received: ReceivedCandle,
  seriesOf: SeriesOf,
  nowMs: number,
): readonly CandleSample[] {
  const { candle, record, closeMs } = received;
  const { latency } = seriesOf(candle);
  return Object.entries(stageMs(candle, closeMs, nowMs)).map(
    // stageMs has no other keys
    ([stage, ms]) => new CandleSample(latency[stage as LatencyStage], closeMs, String(ms / 1000), record),
  );
}

const METRICS = [
  'open',
  'high',
  'low',
  'close',
  'baseVolume',
  'quoteVolume',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
  'trades',
] as const satisfies readonly CandleMetric[];

function stageMs(candle: Candle, closeMs: number, nowMs: number): Partial<Record<LatencyStage, number>> {
  const receivedMs = Date.parse(candle.receivedTime);
  const eventMs = candle.eventTime === undefined ? undefined : Date.parse(candle.eventTime);
  const publishedMs = candle.publishedTime === undefined ? undefined : Date.parse(candle.publishedTime);
  const live = candle.source === 'websocket';
  return {
    ...(live && eventMs !== undefined && { exchange: eventMs - closeMs, network: receivedMs - eventMs }),
    ...(publishedMs !== undefined && { publish: publishedMs - receivedMs, consume: nowMs - publishedMs }),
    ...(live && { total: nowMs - closeMs }),
  };
}

import { compress } from 'snappyjs';
import type { Candle } from '#domain/candle.ts';
import { gaugeSamples, latencySamples } from '#lambdas/prometheus-consumer/candle-samples.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import type { Sample } from '#remote-write/sample.ts';
import { splitRequests } from '#remote-write/split-requests.ts';

const seriesOf = createSeriesCache();

/** By the consumer's own samples. Throws unless the store took every one. */
export async function writeCandles(url: string, candles: readonly Candle[], storedMs: number): Promise<void> {
  const samples = candles.flatMap((candle) => {
    const record = { partitionId: 'candles-1m-0', topic: 'candles-1m', partition: 0, offset: 0 };
    const received = {
      candle,
      closeMs: Date.parse(candle.closeTime),
      record: { ...record, timestamp: 0, value: undefined, delivered: undefined },
    };
    return [...gaugeSamples(received, seriesOf), ...latencySamples(received, seriesOf, storedMs)];
  });
  await writeSamples(url, samples);
}

/** By the pipeline's own encoder. Throws unless the store took every one. */
export async function writeSamples(url: string, samples: readonly Sample[]): Promise<void> {
  for (const request of splitRequests(groupBySeries(samples).samples)) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(compress(encodeWriteRequest(request))),
    });
    if (response.status !== 204)
      // oxlint-disable-next-line no-await-in-loop
      throw new Error(`expected 204, got ${response.status}: ${await response.text()}`);
  }
}

import { Kafka, logLevel } from 'kafkajs';
import { encodeCandle } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import type { Candle } from '#domain/candle.ts';
import { fromKlineRow } from '#domain/kline-row.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';

/** A symbol's closed candles of a span of open times, as REST has them. */
export async function exchangeCandles(
  exchangeUrl: string,
  symbol: string,
  from: number,
  to: number,
): Promise<readonly Candle[]> {
  const query = new URLSearchParams({ symbol, interval: '1m', startTime: String(from), endTime: String(to) });
  const rows = (await (await fetch(`${exchangeUrl}/api/v3/klines?${query.toString()}`)).json()) as unknown[]; // decoded below
  return rows.map((row) => {
    const decoded = fromKlineRow(row, symbol, Date.now());
    if (decoded.kind === 'rejected') throw new Error(decoded.detail);
    return decoded.candle;
  });
}

/** As the exporter does. */
export async function publish(brokers: string, candles: readonly Candle[]): Promise<void> {
  const kafka = new Kafka({ clientId: 'test', brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const publishedTime = toInstant(Date.now());
  await producer.send({
    topic: CANDLE_TOPIC,
    acks: -1,
    messages: candles.map((candle) => ({
      key: candle.symbol,
      value: encodeCandle({ ...candle, publishedTime }),
    })),
  });
  await producer.disconnect();
}

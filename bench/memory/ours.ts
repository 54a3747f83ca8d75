import { setTimeout as delay } from 'node:timers/promises';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { ExporterEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';

// The exporter itself, whole, in this process: its memory is this process's.
const { symbols, minutes } = readCase('symbols', 'minutes');
const exchange = variable('BENCH_EXCHANGE');
const port = variable('BENCH_METRICS_PORT');
const elapsed = startClocks();
Object.assign(process.env, {
  BINANCE_WS_URLS: `ws://${exchange}`,
  BINANCE_REST_URLS: `http://${exchange}`,
  SYMBOLS: 'all:USDT',
  KAFKA_BROKERS: variable('BENCH_BROKERS'),
  KAFKA_AUTH: 'none',
  TOPIC: CANDLE_TOPIC,
  DEAD_LETTER_TOPIC,
  METRICS_HOST: '127.0.0.1',
  METRICS_PORT: port,
  BACKFILL_LOOKBACK: '1m',
} satisfies ExporterEnvironment);
await Promise.race([import('#fargate/ohlc-exporter/main.ts'), ended()]);

/** All candles are taken, and acknowledged by Kafka. */
async function ended(): Promise<void> {
  for (;;) {
    await delay(1000);
    const metrics = await scraped();
    const closed = metrics.get(`${EXPORTER_METRICS.closedCandles.name}{source="websocket"}`) ?? 0;
    const queued = metrics.get(EXPORTER_METRICS.publishQueue.name) ?? 0;
    const failed = metrics.get(EXPORTER_METRICS.publishFailures.name) ?? 0;
    if (closed < symbols * minutes || queued > 0) continue;
    report({ counts: { closed, failed }, ...elapsed() });
    return;
  }
}

async function scraped(): Promise<ReadonlyMap<string, number>> {
  const text = await fetch(`http://127.0.0.1:${port}/metrics`)
    .then((response) => response.text())
    // it does not serve before it has begun
    .catch(() => '');
  return new Map(
    text.split('\n').flatMap((line) => {
      const at = line.lastIndexOf(' ');
      return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), Number(line.slice(at + 1))] as const];
    }),
  );
}

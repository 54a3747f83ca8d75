import { setTimeout as delay } from 'node:timers/promises';
import { DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { ExporterEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { countedInTopic, newTopic } from '#bench/publish/topic.ts';

// The exporter itself, whole, in this process: its memory is this process's.
const { symbols, minutes } = readCase('symbols', 'minutes');
const exchange = variable('BENCH_EXCHANGE');
const port = variable('BENCH_METRICS_PORT');
const MOST_SILENCE_MS = 60_000;
const topic = await newTopic();
const elapsed = startClocks();
Object.assign(process.env, {
  BINANCE_WS_URLS: `ws://${exchange}`,
  BINANCE_REST_URLS: `http://${exchange}`,
  SYMBOLS: 'all:USDT',
  KAFKA_BROKERS: variable('BENCH_BROKERS'),
  KAFKA_AUTH: 'none',
  TOPIC: topic,
  DEAD_LETTER_TOPIC,
  METRICS_HOST: '127.0.0.1',
  METRICS_PORT: port,
  BACKFILL_LOOKBACK: '1m',
} satisfies ExporterEnvironment);
await Promise.race([import('#fargate/ohlc-exporter/main.ts'), ended()]);

/** All candles are taken, and acknowledged by Kafka; throws when none came for a minute. */
async function ended(): Promise<void> {
  const expected = symbols * minutes;
  let [before, sinceMs] = [-1, Date.now()];
  for (;;) {
    await delay(1000);
    const metrics = await scraped();
    const closed = metrics.get(`${EXPORTER_METRICS.closedCandles.name}{source="websocket"}`) ?? 0;
    const queued = metrics.get(EXPORTER_METRICS.publishQueue.name) ?? 0;
    const failed = metrics.get(EXPORTER_METRICS.publishFailures.name) ?? 0;
    if (closed === expected && queued === 0) {
      const took = elapsed();
      report({ counts: { closed, failed, ...(await countedInTopic(topic)) }, ...took });
      return;
    }
    if (closed !== before) [before, sinceMs] = [closed, Date.now()];
    else if (Date.now() - sinceMs > MOST_SILENCE_MS) {
      throw new Error(
        `expected ${expected} closed candles in Kafka, got ${closed} with ${queued} still queued, and none more for a minute`,
      );
    }
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

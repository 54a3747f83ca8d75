import { join } from 'node:path';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import type { RunReport } from '#bench/run/bench.ts';
import { symbolNames } from '#bench/decode/market.ts';
import { startBoundaryMarket } from './close-minutes.ts';
import { measureBoundaries } from './measure.ts';
import { answersAt, startStand } from './stand.ts';

// The usual docker-compose of a WebSocket client, Kafka, a consumer with gauges and a Prometheus that scrapes it.
const SCRAPE_SECONDS = 15;

const { symbols: count, boundaries } = readCase('symbols', 'boundaries');
report(await measure());

/** All that it starts is gone when it returns. */
async function measure(): Promise<RunReport> {
  const symbols = symbolNames(count);
  const market = await startBoundaryMarket(symbols, boundaries + 1);
  await using stand = await startStand({ everySeconds: SCRAPE_SECONDS });
  const python = variable('BENCH_PYTHON');
  const env = { KAFKA_BROKERS: stand.brokers, TOPIC: CANDLE_TOPIC };
  await stand.start(
    'consumer',
    [python, join(import.meta.dirname, 'consumer.py')],
    { ...env, METRICS_PORT: String(stand.consumerPort) },
    () => answersAt(`http://127.0.0.1:${stand.consumerPort}/metrics`),
  );
  let isSubscribed = false;
  void market.subscribed.then(() => (isSubscribed = true));
  await stand.start(
    'exporter',
    [python, join(import.meta.dirname, 'exporter.py')],
    { ...env, SYMBOLS: symbols.join(','), EXCHANGE: `ws://127.0.0.1:${market.port}` },
    async () => isSubscribed,
  );
  return await measureBoundaries({
    market,
    symbols: count,
    boundaries,
    url: stand.url,
    metric: 'crypto_close_price',
    atCloseTime: false,
    pauseMs: () => Math.random() * SCRAPE_SECONDS * 1000,
  });
}

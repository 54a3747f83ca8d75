import { join } from 'node:path';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { EXPORTER_NODE_FLAGS } from '#fargate/ohlc-exporter/env.ts';
import type { ExporterEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { readCase, report } from '#bench/run/contestant.ts';
import type { RunReport } from '#bench/run/bench.ts';
import { symbolNames } from '#bench/decode/market.ts';
import { ROOT } from '#local/setup/folders.ts';
import { startBoundaryMarket } from './close-minutes.ts';
import { measureBoundaries } from './measure.ts';
import { answersAt, startStand } from './stand.ts';

// Exporter, broker, consumer and store, each the process that it is on one machine.
const { symbols: count, boundaries } = readCase('symbols', 'boundaries');
report(await measure());

/** All that it starts is gone when it returns. */
async function measure(): Promise<RunReport> {
  const symbols = symbolNames(count);
  const market = await startBoundaryMarket(symbols, boundaries + 1);
  await using stand = await startStand();
  const consumer = `http://127.0.0.1:${stand.consumerPort}/metrics`;
  await stand.start(
    'consumer',
    [process.execPath, join(ROOT, 'local/event-source/main.ts')],
    {
      KAFKA_BROKERS: stand.brokers,
      TOPIC: CANDLE_TOPIC,
      GROUP_ID: 'metrics',
      METRICS_PORT: String(stand.consumerPort),
      REMOTE_WRITE_URL: stand.remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'none',
      REJECTED_BUCKET: '',
      REJECTED_FOLDER: join(stand.folder, 'rejected'),
      BATCH_SIZE: '500',
    },
    () => answersAt(consumer),
  );
  const exporter: ExporterEnvironment = {
    BINANCE_WS_URLS: `ws://127.0.0.1:${market.port}`,
    BINANCE_REST_URLS: `http://127.0.0.1:${market.port}`,
    SYMBOLS: 'all:USDT',
    KAFKA_BROKERS: stand.brokers,
    KAFKA_AUTH: 'none',
    TOPIC: CANDLE_TOPIC,
    DEAD_LETTER_TOPIC,
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: String(stand.exporterPort),
    BACKFILL_LOOKBACK: '1m',
  };
  await stand.start(
    'exporter',
    [process.execPath, ...EXPORTER_NODE_FLAGS, join(ROOT, 'fargate/ohlc-exporter/main.ts')],
    { ...exporter },
    () => answersAt(`http://127.0.0.1:${stand.exporterPort}/readyz`),
  );
  await market.subscribed;
  return await measureBoundaries({
    market,
    symbols: count,
    boundaries,
    url: stand.url,
    metric: CANDLE_METRICS.close,
    atCloseTime: true,
    pauseMs: () => 2000 + Math.random() * 500,
  });
}

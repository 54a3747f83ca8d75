import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { preparePrometheus, prometheusAnswers } from '#local/prometheus/start-prometheus.ts';
import { ask } from '#local/supervisor/ask.ts';
import { kafkaPart } from '#local/supervisor/parts/kafka.ts';
import { freePorts, freePortRange } from '#test/local/free-ports.ts';
import { startBoundaryExchange } from './exchange.ts';
import { createMarket } from './market.ts';
import { measureBoundaries } from './measure.ts';
import { startPart, startTied } from './parts.ts';

// As many projects' compose files have it: exporter and consumer in Python, Prometheus scrapes the consumer.
const { symbols, boundaries, everyMs } = readCase('symbols', 'boundaries', 'everyMs');
const SCRAPE_INTERVAL_SECONDS = 15;

report(await run());

async function run() {
  const folder = await mkdtemp(join(variable('BENCH_FOLDER'), 'run-'));
  const portBase = await freePortRange(4);
  const [exchangePort = 0, gaugesPort = 0, prometheusPort = 0] = await freePorts(3);
  const market = createMarket(symbols);
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  await using running = new AsyncDisposableStack();
  const exchange = running.use(await startBoundaryExchange(market, exchangePort));
  const kafka = kafkaPart({
    source: 'replay',
    symbols: { exporter: '', exchange: undefined },
    speed: 1,
    portBase,
    batch: false,
    folder,
  });
  const broker = running.use(await startPart(kafka, folder));
  const env = {
    PYTHONUNBUFFERED: '1',
    KAFKA_BROKERS: kafka.url,
    TOPIC: CANDLE_TOPIC,
    SYMBOLS: market.symbols.join(','),
    BINANCE_WS_URL: `ws://127.0.0.1:${exchangePort}`,
    METRICS_PORT: String(gaugesPort),
  };
  const python = (name: string, isReady: () => Promise<boolean>) =>
    startTied({
      name,
      command: [variable('BENCH_PYTHON'), join(import.meta.dirname, `${name}.py`)],
      env,
      folder,
      isReady,
    });
  const consumer = running.use(
    await python('kafka_to_gauges', () => answers(`http://127.0.0.1:${gaugesPort}/metrics`)),
  );
  const exporter = running.use(
    await python('stream_to_kafka', () => Promise.resolve(exchange.allSubscribed())),
  );
  const prometheus = running.use(
    await startTied({
      name: 'prometheus',
      command: await preparePrometheus({
        port: prometheusPort,
        dataDir: join(folder, 'prometheus'),
        configFile: join(folder, 'prometheus.yml'),
        targets: [{ job: 'crypto', port: gaugesPort }],
        scrapeIntervalSeconds: SCRAPE_INTERVAL_SECONDS,
      }),
      folder,
      isReady: () => prometheusAnswers(prometheusUrl),
    }),
  );
  const measured = await measureBoundaries({
    market,
    exchange,
    prometheusUrl,
    metric: CANDLE_METRICS.close,
    sampleTime: 'scrape',
    processes: [broker, consumer, exporter, prometheus],
    boundaries,
    everyMs,
  });
  return measured.report;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await ask(url)).status === 200;
  } catch {
    return false;
  }
}

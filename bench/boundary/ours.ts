import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import { CANDLE_METRICS, LATENCY_METRIC } from '#domain/metrics.ts';
import { consumerPart } from '#local/supervisor/parts/consumer.ts';
import { exporterPart } from '#local/supervisor/parts/exporter.ts';
import { kafkaPart } from '#local/supervisor/parts/kafka.ts';
import { prometheusPart } from '#local/supervisor/parts/prometheus.ts';
import { portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { freePortRange } from '#test/local/free-ports.ts';
import { startBoundaryExchange } from './exchange.ts';
import { instantQuery } from './first-seen.ts';
import { CLOSED_EVENT_LAG_MS, createMarket } from './market.ts';
import type { Passage } from './measure.ts';
import { measureBoundaries, percentile } from './measure.ts';
import { startPart } from './parts.ts';

// The live half as `npm start` runs it, without the page, and with an exchange that closes minutes when it is told.
/** Those of `npm start`. */
const PORTS = 11;

const { symbols, boundaries, everyMs } = readCase('symbols', 'boundaries', 'everyMs');

report(await run());

async function run() {
  const folder = await mkdtemp(join(variable('BENCH_FOLDER'), 'run-'));
  const options: RunOptions = {
    source: 'replay',
    symbols: { exporter: 'all:USDT', exchange: undefined },
    speed: 1,
    portBase: await freePortRange(PORTS),
    batch: false,
    folder,
  };
  const market = createMarket(symbols);
  const prometheusUrl = urlOf(options, 'prometheus');
  await using running = new AsyncDisposableStack();
  const exchange = running.use(await startBoundaryExchange(market, portOf(options, 'exchange')));
  const stores = await Promise.all(
    [kafkaPart(options), prometheusPart(options)].map((part) => startPart(part, folder)),
  );
  for (const store of stores) running.use(store);
  const consumer = running.use(await startPart(consumerPart(options), folder));
  // what closed before is no part of this
  const exporter = running.use(await startPart(exporterPart(options), folder, { BACKFILL_LOOKBACK: '0m' }));

  const { passages, report: line } = await measureBoundaries({
    market,
    exchange,
    prometheusUrl,
    metric: CANDLE_METRICS.close,
    sampleTime: 'close',
    processes: [...stores, consumer, exporter],
    boundaries,
    everyMs,
  });
  const stages = await stagesOf(passages, prometheusUrl);
  return { ...line, figures: { ...line.figures, ...stages } };
}

/** Where the time goes, at the 50th and the 99th percentile of each stage, by the pipeline's own latency metrics. */
async function stagesOf(passages: readonly Passage[], prometheusUrl: string) {
  const stages: Record<'arrive' | 'queue' | 'store' | 'query', number[]> = {
    arrive: [],
    queue: [],
    store: [],
    query: [],
  };
  for (const closeMs of new Set(passages.map((passage) => passage.closeMs))) {
    const samples = await instantQuery(prometheusUrl, LATENCY_METRIC, closeMs / 1000);
    const latencies = new Map(
      samples.map(({ labels, value }) => [`${labels['symbol']}/${labels['stage']}`, value * 1000]),
    );
    for (const passage of passages.filter((one) => one.closeMs === closeMs)) {
      const stage = (name: string) => latencies.get(`${passage.symbol}/${name}`) ?? Number.NaN;
      const received = closeMs + CLOSED_EVENT_LAG_MS + 1 + stage('network');
      stages.arrive.push(received - passage.writtenMs);
      stages.queue.push(stage('publish'));
      stages.store.push(stage('consume'));
      stages.query.push(passage.seenMs - (received + stage('publish') + stage('consume')));
    }
  }
  return Object.fromEntries(
    Object.entries(stages).flatMap(([name, values]) =>
      [50, 99].map((percent) => [`${name}P${percent}Ms`, percentile(values, percent)]),
    ),
  );
}

import type { AlertsAnswer, ReadyAnswer, SeriesAnswer, StateAnswer } from '#local/page/answers.ts';
import { findProblems } from '#local/page/problems.ts';
import { toPipelineNumbers } from '#local/page/pipeline.ts';
import type { PipelineNumbers } from '#local/page/pipeline.ts';
import type { DbtAnswer, OverviewAnswer } from '#local/page/warehouse-answers.ts';
import { showAlerts } from './alerts-panel.ts';
import { askAlerts, askDbt, askInstant, askOverview, askReady, askState, askSymbols } from './ask.ts';
import { byId } from './dom.ts';
import { showNumbers, showParts, showProblems, showSource } from './health-panel.ts';
import { createHistoryView } from './history-view.ts';
import { createLatencyView, createFreshnessView } from './line-views.ts';
import { createMarketView } from './market-view.ts';
import { createPicker } from './picker.ts';
import { readPlace, writePlace } from './place.ts';
import { startPolling } from './poll.ts';
import { startTheme } from './theme.ts';
import { showDbt, showOverview } from './warehouse-panel.ts';

const heard: {
  serverAnswers: boolean;
  store: SeriesAnswer | undefined;
  ready: ReadyAnswer | undefined;
  alerts: AlertsAnswer | undefined;
  state: StateAnswer | undefined;
  pipeline: PipelineNumbers | undefined;
  overview: OverviewAnswer | undefined;
  dbt: DbtAnswer | undefined;
} = {
  serverAnswers: true,
  store: undefined,
  ready: undefined,
  alerts: undefined,
  state: undefined,
  pipeline: undefined,
  overview: undefined,
  dbt: undefined,
};

const place = readPlace();
const market = createMarketView(place.view);
const latency = createLatencyView();
const freshness = createFreshnessView();
const history = createHistoryView();
const picker = createPicker((symbol) => {
  choose(symbol);
  poll.now();
});

startTheme(() => {
  market.recolour();
  latency.recolour();
  freshness.recolour();
  history.recolour();
});
if (place.symbol !== undefined) choose(place.symbol);

const poll = startPolling(
  [
    { everyMs: 2_000, run: refreshMarket },
    { everyMs: 2_000, run: refreshParts },
    { everyMs: 5_000, run: refreshPipeline },
    { everyMs: 5_000, run: refreshAlerts },
    { everyMs: 5_000, run: () => latency.refresh(market.symbol()) },
    { everyMs: 5_000, run: () => freshness.refresh(market.symbol()) },
    { everyMs: 10_000, run: refreshPairs },
    { everyMs: 5_000, run: refreshWarehouse },
    { everyMs: 10_000, run: refreshHistory },
  ],
  () => showProblems(findProblems({ ...heard, ...market.observed() })),
);

for (const input of byId('views', HTMLFieldSetElement).querySelectorAll('input')) {
  input.checked = input.value === market.view();
  input.addEventListener('change', () => {
    market.setView(input.value);
    writePlace(market.symbol(), market.view());
    poll.now();
  });
}
history.onChange(() => poll.now());
byId('scopes', HTMLFieldSetElement).addEventListener('change', (event) => {
  if (event.target instanceof HTMLInputElement)
    latency.setScope(event.target.value === 'all' ? 'all' : 'pair');
  poll.now();
});

function choose(symbol: string): void {
  picker.setChosen(symbol);
  market.choose(symbol);
  latency.clear();
  freshness.clear();
  history.choose(symbol);
  writePlace(symbol, market.view());
}

async function refreshMarket(): Promise<void> {
  const answer = await market.refresh();
  if (answer === 'no pair') return;
  heard.store = answer ?? heard.store;
}

async function refreshParts(): Promise<void> {
  const [ready, state] = await Promise.all([askReady(), askState()]);
  heard.serverAnswers = ready !== undefined && state !== undefined;
  heard.ready = ready ?? heard.ready;
  heard.state = state ?? heard.state;
  showSource(heard.state);
  showParts(heard.state);
}

async function refreshPipeline(): Promise<void> {
  const answer = await askInstant('pipeline');
  if (answer) heard.store = answer;
  if (answer?.kind === 'series') heard.pipeline = toPipelineNumbers(answer.series);
  showNumbers(heard.pipeline, heard.ready);
}

async function refreshAlerts(): Promise<void> {
  heard.alerts = (await askAlerts()) ?? heard.alerts;
  showAlerts(heard.alerts);
}

/** The marts change every 10 minutes; that often is to notice soon when they come or go. */
async function refreshWarehouse(): Promise<void> {
  const [overview, dbt] = await Promise.all([askOverview(), askDbt()]);
  heard.overview = overview ?? heard.overview;
  heard.dbt = dbt ?? heard.dbt;
  showOverview(heard.overview);
  showDbt(heard.dbt);
}

async function refreshHistory(): Promise<void> {
  if (heard.overview?.kind === 'off') return;
  await history.refreshSymbols();
  await history.refresh();
}

/** Pairs with the most turnover first; those without a candle in the last hour at the end. */
async function refreshPairs(): Promise<void> {
  const [symbols, volumes] = await Promise.all([askSymbols(), askInstant('volumes')]);
  if (symbols?.kind !== 'symbols' || volumes?.kind !== 'series') return;
  const turnover = new Map(
    volumes.series.map(({ labels, samples }) => [labels['symbol'] ?? '', Number(samples[0]?.[1])]),
  );
  const pairs = symbols.symbols
    .map((symbol) => ({ symbol, active: turnover.has(symbol) }))
    .toSorted((a, b) => (turnover.get(b.symbol) ?? -1) - (turnover.get(a.symbol) ?? -1));
  picker.setPairs(pairs);
  const [first] = pairs;
  if (market.symbol() === undefined && first) {
    choose(first.symbol);
    poll.now();
  }
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { answerDashboards } from '#local/page/dashboards/answer.ts';
import type { DashboardPanel } from '#local/page/dashboards/dashboard-schema.ts';
import { loadDashboards, panelsOf } from '#local/page/dashboards/load-dashboards.ts';
import { buildPanelRequest, parseAsked } from '#local/page/dashboards/request.ts';
import { kindsOf } from '#local/page/dashboards/target-kinds.ts';
import { askDashboards, withoutRows } from './every-query.ts';
import type { DayCandles } from './values/market-day.ts';
import { askRange, startMarketDay, SYMBOLS } from './values/market-day.ts';
import * as textbook from './values/textbook.ts';
import { correlation, volatility } from './values/textbook-returns.ts';
import type { Indicator } from './values/textbook.ts';

const END_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
/** Back beyond all holes that the day has. */
const LOOKED_AT = 420;
const DAY = 1440;

const resources = new AsyncDisposableStack();
let market: Awaited<ReturnType<typeof startMarketDay>>;
beforeAll(async () => {
  market = resources.use(await startMarketDay(END_MS));
}, 120_000);
afterAll(() => resources.disposeAsync());

const macd = textbook.difference(
  textbook.ema(textbook.ofMinute('close'), 12),
  textbook.ema(textbook.ofMinute('close'), 26),
);
const bought = textbook.sum('takerBuyQuoteVolume', 1);

/** By the title of a panel, in the order of its queries. */
const EXPECTED: Readonly<Record<string, readonly Indicator[]>> = {
  Price: [textbook.last('close')],
  'Change in 1 hour': [textbook.change(60)],
  'Change in 4 hours': [textbook.change(240)],
  'Change in 24 hours': [textbook.change(DAY)],
  'High of 24 hours': [textbook.highest(DAY)],
  'Low of 24 hours': [textbook.lowest(DAY)],
  'In its range': [textbook.rangePosition(DAY)],
  'Volume in 24 hours': [textbook.sum('quoteVolume', DAY)],
  'Trades in the last hour': [textbook.sum('trades', 60)],
  $symbol: [
    textbook.ofMinute('open'),
    textbook.ofMinute('high'),
    textbook.ofMinute('low'),
    textbook.ofMinute('close'),
    textbook.ofMinute('baseVolume'),
  ],
  Averages: [
    textbook.last('close'),
    textbook.sma(20),
    textbook.sma(50),
    textbook.sma(200),
    textbook.ratio(textbook.sum('quoteVolume', 60), textbook.sum('baseVolume', 60)),
  ],
  'Bollinger bands': [textbook.last('close'), textbook.band(20, 2), textbook.sma(20), textbook.band(20, -2)],
  'RSI 14': [textbook.rsi(14)],
  'MACD 12 26 9': [macd, textbook.ema(macd, 9), textbook.difference(macd, textbook.ema(macd, 9))],
  'ATR 14': [textbook.atr(14)],
  Volatility: [volatility(60)],
  "Takers' buying": [textbook.ratio(textbook.sum('takerBuyBaseVolume', 5), textbook.sum('baseVolume', 5))],
  Trades: [textbook.sum('trades', 1)],
  'Buying and selling': [bought, textbook.difference(textbook.sum('quoteVolume', 1), bought)],
};

test('every panel of one symbol is known here, but for the age of its last candle', () => {
  const titles = livePanels().map(({ title }) => title);
  expect(titles.filter((title) => !Object.hasOwn(EXPECTED, title))).toEqual(['Since the last candle']);
});

test.each(Object.entries(EXPECTED))(
  '%s shows what the recording says, around missing minutes, too, at full minutes and between them',
  async (title, indicators) => {
    const panel = livePanels().find((one) => one.title === title);
    expect(panel?.targets.length, 'queries of the panel').toBe(indicators.length);
    let compared = 0;
    const wrong: object[] = [];
    for (const symbol of SYMBOLS) {
      const day = dayOf(symbol);
      for (const [index, indicator] of indicators.entries()) {
        const promql = panel && promqlOf(panel, index, symbol);
        // a graph asks at full minutes, the newest value of a stat is of any time
        for (const lateMs of [0, 15_000]) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          const shown = await valuesOf(promql ?? '', lateMs);
          const expected = expectedOf(indicator, day);
          expect([...shown.keys()], `${symbol}: minutes with a value`).toEqual([...expected.keys()]);
          for (const [minute, value] of expected) {
            const got = shown.get(minute) ?? Number.NaN;
            // a difference of two averages of prices is rounded as prices are
            const size = title.startsWith('MACD') ? 1000 : Math.abs(value);
            if (!(Math.abs(got - value) <= 1e-9 * size))
              wrong.push({ symbol, index, minute, lateMs, got, value });
            compared += 1;
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    // a change over 24 hours is there for the last two of the day
    expect(compared).toBeGreaterThan(SYMBOLS.length * indicators.length * 200);
  },
);

const overVwap = textbook.ratio(
  textbook.last('close'),
  textbook.ratio(textbook.sum('quoteVolume', 60), textbook.sum('baseVolume', 60)),
);

/** Of one symbol at the day's end, by the panel and the query of the overview. */
const OVERVIEW: Readonly<Record<string, Indicator>> = {
  'All symbols/B': textbook.last('close'),
  'All symbols/C': textbook.change(60),
  'All symbols/D': textbook.change(DAY),
  'All symbols/E': (day, at) => (overVwap(day, at) ?? Number.NaN) - 1,
  'All symbols/F': textbook.sum('quoteVolume', 60),
  'All symbols/G': textbook.sum('trades', 60),
  'Share of volume/A': (day, at) => {
    const volume = textbook.sum('quoteVolume', DAY);
    const all = SYMBOLS.map((symbol) => volume(dayOf(symbol), at) ?? Number.NaN);
    return (volume(day, at) ?? Number.NaN) / all.reduce((sum, one) => sum + one);
  },
  'Moves with BTCUSDT/A': (day, at) => correlation(day, dayOf('BTCUSDT'), at, 60),
};

test.each(Object.entries(OVERVIEW))(
  '%s of the overview is what the recording says',
  async (name, indicator) => {
    const [title, ref = ''] = name.split('/');
    const overview = loadDashboards().get('crypto-market-overview');
    const panel = overview && panelsOf(overview).find((one) => one.title === title);
    const parameters = {
      dashboard: 'crypto-market-overview',
      panel: String(panel?.id),
      ref,
      kind: 'instant',
      points: '60',
      from: String(END_MS - 60 * MINUTE_MS),
      to: String(END_MS),
      'var-symbol': '$__all',
    };
    const answer = await ask('/api/panel', new URLSearchParams(parameters));
    const series = answer.kind === 'series' ? answer.series : [];
    expect(new Set(series.map(({ labels }) => labels['symbol']))).toEqual(new Set(SYMBOLS));
    for (const { labels, samples } of series) {
      const expected = indicator(dayOf(labels['symbol'] ?? ''), END_MS / MINUTE_MS) ?? Number.NaN;
      expect(Number(samples[0]?.[1]) / expected, `${labels['symbol']}: ${expected}`).toBeCloseTo(1, 9);
    }
  },
);

test('every query about the market answers with rows, once there was a whole day', async () => {
  const outcomes = await askDashboards(ask, { fromMs: END_MS - 60 * MINUTE_MS, toMs: END_MS });
  const ofMarket = outcomes.filter(({ query }) => query.startsWith('Market '));
  const exceptions = { crypto_exporter_: 'the exporter does not run here', ALERTS: 'no rule runs here' };
  expect(withoutRows(ofMarket, exceptions)).toEqual([]);
});

function livePanels(): readonly DashboardPanel[] {
  const live = loadDashboards().get('crypto-market-live');
  if (!live) throw new Error('expected the dashboard of one symbol');
  return panelsOf(live);
}

/** As the page's server asks it, for steps of a minute. */
function promqlOf(panel: DashboardPanel, index: number, symbol: string): string {
  const target = panel.targets[index];
  const parameters = new URLSearchParams({
    dashboard: 'crypto-market-live',
    panel: String(panel.id),
    ref: target?.refId ?? '',
    kind: (target && kindsOf(target)[0]) ?? '',
    points: String(LOOKED_AT),
    from: String(END_MS - LOOKED_AT * MINUTE_MS),
    to: String(END_MS),
    'var-symbol': symbol,
  });
  const asked = parseAsked(parameters, loadDashboards());
  const request = asked.kind === 'asked' ? buildPanelRequest(asked) : asked;
  if (request.kind === 'refused') throw new Error(request.reason);
  return request.promql;
}

async function valuesOf(promql: string, lateMs: number): Promise<ReadonlyMap<number, number>> {
  const startMs = END_MS - LOOKED_AT * MINUTE_MS;
  const [series, ...others] = await askRange(market.url, promql, startMs + lateMs, END_MS + lateMs);
  expect(others, promql).toEqual([]);
  const values = series?.values ?? [];
  return new Map(values.map(([seconds, value]) => [(seconds * 1000 - lateMs) / MINUTE_MS, Number(value)]));
}

function expectedOf(indicator: Indicator, day: DayCandles): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  const end = END_MS / MINUTE_MS;
  for (let at = end - LOOKED_AT; at <= end; at++) {
    const value = indicator(day, at);
    if (value !== undefined) values.set(at, value);
  }
  return values;
}

/** As the page's server does. */
async function ask(path: string, parameters: URLSearchParams) {
  const context = { dashboards: loadDashboards(), prometheusUrl: market.url };
  const answer = await answerDashboards(path, parameters, context);
  if (!answer || !('kind' in answer)) throw new Error(`expected an answer to ${path}`);
  return answer;
}

function dayOf(symbol: string): DayCandles {
  const day = market.days.get(symbol);
  if (!day) throw new Error(`expected a symbol of the day, got ${symbol}`);
  return day;
}

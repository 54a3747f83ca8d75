import { MINUTE_MS } from '#domain/candle.ts';
import type { SeriesAnswer } from '#local/page/answers.ts';
import { CandleBook, closeMsOf } from '#local/page/candle-book.ts';
import type { Bar } from '#local/page/candle-book.ts';
import { priceDecimals } from '#local/page/figures.ts';
import type { QueryRange } from '#local/page/queries.ts';
import { askInstant } from './ask.ts';
import { createCandleChart } from './candle-chart.ts';
import { byId, setText } from './dom.ts';
import { showAge, showFigures, showLegend } from './market-panel.ts';

/** What each view shows and what it asks for: an hour more, for the change over an hour. */
const VIEWS = {
  '1h': { minutes: 60, range: '2h' },
  '6h': { minutes: 360, range: '7h' },
  '24h': { minutes: 1440, range: '25h' },
} as const satisfies Readonly<Record<string, { minutes: number; range: QueryRange }>>;

type View = keyof typeof VIEWS;

const LATEST: QueryRange = '5m';
/** A candle after a newest one that is older than this may lie before the latest minutes, as in a replay that catches up. */
const LATEST_REACHES_MS = 4 * MINUTE_MS;
/** Holes are filled behind the newest candle for as long as the store takes them: an hour. */
const BACKFILL: QueryRange = '2h';
const BACKFILL_EVERY_MS = 20_000;
/** A newest candle that is younger than this on the page means that data moves. */
const ADVANCING_MS = 10_000;

/** The chosen pair: its candles, the chart and the figures over it. */
export function createMarketView(wanted: string | undefined) {
  let view: View = isView(wanted) ? wanted : '1h';
  let symbol: string | undefined;
  let book = new CandleBook();
  let bars: readonly Bar[] = [];
  let decimals = 0;
  let hovered: number | undefined;
  let toShow = true;
  let missing: QueryRange | undefined;
  let backfilledAt = 0;
  let advancedAt = Number.NEGATIVE_INFINITY;
  let clockAheadMs = 0;

  const latest = byId('latest', HTMLButtonElement);
  const chart = createCandleChart(
    byId('chart', HTMLDivElement),
    {
      onHover(openMs) {
        hovered = openMs;
        legend();
      },
      onFollow: (following) => {
        latest.hidden = following;
      },
    },
    MINUTE_MS,
  );
  latest.addEventListener('click', () => chart.showLast(VIEWS[view].minutes));

  const nowMs = () => Date.now() + clockAheadMs;
  const legend = () => {
    const bar = hovered === undefined ? bars.at(-1) : bars.find(({ openMs }) => openMs === hovered);
    showLegend(bar, decimals);
  };
  setInterval(() => showAge(bars.at(-1)?.openMs, nowMs()), 1_000);

  function nextRange(): QueryRange {
    if (missing) return missing;
    const newest = bars.at(-1);
    const liesBehind = newest !== undefined && nowMs() - closeMsOf(newest) > LATEST_REACHES_MS;
    return liesBehind || performance.now() - backfilledAt > BACKFILL_EVERY_MS ? BACKFILL : LATEST;
  }

  function take(answer: Extract<SeriesAnswer, { kind: 'series' }>): void {
    clockAheadMs = answer.nowMs - Date.now();
    const newestBefore = bars.at(-1)?.openMs;
    const merged = book.merge(answer.series);
    const empty = byId('empty', HTMLParagraphElement);
    if (merged.kind === 'changed') {
      bars = book.bars();
      decimals = priceDecimals(bars);
      const newest = bars.at(-1)?.openMs ?? 0;
      if (newestBefore !== undefined && newest > newestBefore) advancedAt = performance.now();
      chart.draw(bars, merged.fromMs, decimals);
      if (symbol !== undefined) showFigures(symbol, bars, decimals);
      legend();
    }
    if (toShow && bars.length > 0) {
      toShow = false;
      chart.showLast(VIEWS[view].minutes);
    }
    empty.hidden = bars.length > 0;
    setText(empty, `No candles of ${symbol} in the last ${VIEWS[view].minutes / 60} h`);
    showAge(bars.at(-1)?.openMs, nowMs());
  }

  return {
    symbol: () => symbol,
    view: () => view,
    recolour: () => chart.recolour(),
    choose(next: string) {
      symbol = next;
      book = new CandleBook();
      bars = [];
      hovered = undefined;
      toShow = true;
      missing = VIEWS[view].range;
      advancedAt = Number.NEGATIVE_INFINITY;
      chart.clear();
      showFigures(next, bars, 0);
      legend();
    },
    setView(next: string) {
      if (!isView(next)) return;
      view = next;
      toShow = true;
      missing = VIEWS[view].range;
    },
    /** Asks for what is new; after a failure, for everything that the view shows. */
    async refresh(): Promise<SeriesAnswer | 'no pair' | undefined> {
      if (symbol === undefined) return 'no pair';
      const [asked, range] = [symbol, nextRange()];
      const answer = await askInstant('candles', asked, range);
      if (asked !== symbol) return answer;
      if (answer?.kind !== 'series') {
        missing = VIEWS[view].range;
        return answer;
      }
      if (range === missing) missing = undefined;
      if (range !== LATEST) backfilledAt = performance.now();
      take(answer);
      return answer;
    },
    observed: () => ({
      symbol,
      newestOpenMs: bars.at(-1)?.openMs,
      advancing: performance.now() - advancedAt < ADVANCING_MS,
      nowMs: nowMs(),
    }),
  };
}

function isView(text: string | undefined): text is View {
  return text !== undefined && Object.hasOwn(VIEWS, text);
}

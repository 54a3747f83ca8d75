import { formatAmount, formatCount, formatDateTime, formatPrice } from '#local/page/format.ts';
import { priceDecimals } from '#local/page/figures.ts';
import { HISTORY_INTERVALS } from '#local/page/warehouse-answers.ts';
import type { HistoryCandle, HistoryInterval } from '#local/page/warehouse-answers.ts';
import { askHistory, askMartSymbols } from './ask.ts';
import { createCandleChart } from './candle-chart.ts';
import { byId, make, renderKeyed, setText } from './dom.ts';

/** Candles in sight at first, the rest is there to be moved to; a few are not stretched over the whole width. */
const MOST_SHOWN = 120;
const LEAST_SHOWN = 40;

/** Candles that the warehouse rolled up, of a pair and a length of the reader's choice. */
export function createHistoryView() {
  let interval: HistoryInterval = '1h';
  let symbol: string | undefined;
  let symbols: readonly string[] = [];
  let candles: readonly HistoryCandle[] = [];
  let decimals = 0;
  let hovered: number | undefined;

  const select = byId('history-symbol', HTMLSelectElement);
  const latest = byId('history-latest', HTMLButtonElement);
  const chart = createCandleChart(
    byId('history-chart', HTMLDivElement),
    {
      onHover(openMs) {
        hovered = openMs;
        legend();
      },
      onFollow: (following) => {
        latest.hidden = following;
      },
    },
    HISTORY_INTERVALS[interval],
  );
  latest.addEventListener('click', showLast);

  const legend = () =>
    showLegend(
      hovered === undefined ? candles.at(-1) : candles.find(({ openMs }) => openMs === hovered),
      decimals,
    );

  function showLast(): void {
    chart.showLast(Math.min(MOST_SHOWN, Math.max(LEAST_SHOWN, candles.length)));
  }

  function clear(): void {
    candles = [];
    hovered = undefined;
    chart.setStep(HISTORY_INTERVALS[interval]);
    describe(undefined);
    legend();
  }

  function take(answered: readonly HistoryCandle[]): void {
    const merged = merge(candles, answered);
    const first = candles.length === 0;
    if (merged.fromMs !== undefined) {
      candles = merged.candles;
      decimals = priceDecimals(candles);
      chart.draw(candles, merged.fromMs, decimals);
      if (first) showLast();
    }
    describe(symbol);
    legend();
  }

  function describe(known: string | undefined): void {
    const [oldest, newest] = [candles[0], candles.at(-1)];
    const empty = byId('history-empty', HTMLParagraphElement);
    empty.hidden = newest !== undefined || known === undefined;
    setText(empty, `The marts have no ${interval} candle of ${known} yet`);
    setText(
      byId('history-span', HTMLParagraphElement),
      oldest && newest ? `${formatCount(candles.length)} candles since ${formatDateTime(oldest.openMs)}` : '',
    );
    byId('history-chart', HTMLDivElement).setAttribute(
      'aria-label',
      newest
        ? `Candles of ${symbol} from the marts, ${interval} each, last close ${formatPrice(newest.close, decimals)}`
        : 'Candles of the marts',
    );
  }

  return {
    recolour: () => chart.recolour(),
    onChange(changed: () => void) {
      select.addEventListener('change', () => {
        symbol = select.value;
        clear();
        changed();
      });
      byId('history-intervals', HTMLFieldSetElement).addEventListener('change', (event) => {
        if (!(event.target instanceof HTMLInputElement)) return;
        interval = event.target.value as HistoryInterval; // index.html has a button for each of the table's keys
        clear();
        changed();
      });
    },
    /** Follows the pair that is chosen above, when the marts have it. */
    choose(next: string) {
      if (next === symbol || (symbols.length > 0 && !symbols.includes(next))) return;
      symbol = next;
      select.value = next;
      clear();
    },
    async refreshSymbols(): Promise<void> {
      const answer = await askMartSymbols();
      if (answer?.kind !== 'read') return;
      symbols = answer.symbols;
      if (symbol === undefined || !symbols.includes(symbol)) symbol = symbols[0] ?? symbol;
      renderKeyed(select, JSON.stringify(symbols), () => symbols.map((name) => make('option', '', name)));
      if (symbol !== undefined) select.value = symbol;
    },
    async refresh(): Promise<void> {
      if (symbol === undefined) return;
      const [asked, askedInterval] = [symbol, interval];
      const answer = await askHistory(asked, askedInterval);
      // Another one was chosen meanwhile.
      if (asked !== symbol || askedInterval !== interval || answer?.kind !== 'read') return;
      take(answer.candles);
    },
  };
}

/** What was answered now over what was answered before, which reaches further back. */
function merge(before: readonly HistoryCandle[], answered: readonly HistoryCandle[]) {
  const byTime = new Map(before.map((candle) => [candle.openMs, candle]));
  let fromMs: number | undefined;
  for (const candle of answered) {
    if (JSON.stringify(byTime.get(candle.openMs)) === JSON.stringify(candle)) continue;
    byTime.set(candle.openMs, candle);
    fromMs = Math.min(fromMs ?? candle.openMs, candle.openMs);
  }
  return { candles: [...byTime.values()].toSorted((a, b) => a.openMs - b.openMs), fromMs };
}

function showLegend(candle: HistoryCandle | undefined, decimals: number): void {
  const element = byId('history-legend', HTMLParagraphElement);
  renderKeyed(element, JSON.stringify([candle, decimals]), () => {
    if (!candle) return [];
    const pairs = [
      ['O', formatPrice(candle.open, decimals)],
      ['H', formatPrice(candle.high, decimals)],
      ['L', formatPrice(candle.low, decimals)],
      ['C', formatPrice(candle.close, decimals)],
      ['Vol', formatAmount(Number(candle.baseVolume))],
    ] as const;
    return [
      make('span', '', formatDateTime(candle.openMs)),
      ...pairs.flatMap(([name, value]) => [document.createTextNode(`  ${name} `), make('b', '', value)]),
      ...(candle.present < candle.expected
        ? [document.createTextNode(`  ${candle.present} of ${candle.expected} minutes`)]
        : []),
    ];
  });
}

import { closeMsOf } from '#local/page/candle-book.ts';
import type { Bar } from '#local/page/candle-book.ts';
import { changeOverHour, totalsOfHour } from '#local/page/figures.ts';
import {
  assetsOf,
  formatAmount,
  formatCount,
  formatAge,
  formatPrice,
  formatRatio,
  formatSigned,
  formatTime,
} from '#local/page/format.ts';
import { byId, make, renderKeyed, setData, setText } from './dom.ts';

const TABLE_MINUTES = 30;

/** Price, change and the hour's figures of the chosen pair. */
export function showFigures(symbol: string, bars: readonly Bar[], decimals: number): void {
  const last = bars.at(-1);
  const price = byId('price', HTMLDataElement);
  setText(price, last ? formatPrice(last.close, decimals) : '–');
  price.value = last?.close ?? '';
  document.title = last ? `${formatPrice(last.close, decimals)} ${symbol}` : `${symbol} · Market candles`;
  showChange(bars, decimals);
  showTotals(symbol, bars, decimals);
  showTable(bars, decimals);
  const range = last
    ? `last close ${formatPrice(last.close, decimals)} at ${formatTime(closeMsOf(last) + 1)} UTC`
    : 'no data';
  byId('chart', HTMLDivElement).setAttribute('aria-label', `Candles of ${symbol}, 1 minute each, ${range}`);
}

/** Ticks each second, and so is not in a live region. */
export function showAge(newestOpenMs: number | undefined, nowMs: number): void {
  const text =
    newestOpenMs === undefined
      ? 'No candle yet'
      : `Last candle closed ${formatTime(newestOpenMs + 60_000)} UTC, ${formatAge(nowMs - closeMsOf({ openMs: newestOpenMs }))} ago`;
  setText(byId('age', HTMLParagraphElement), text);
}

/** The figures of one candle, over the chart. */
export function showLegend(bar: Bar | undefined, decimals: number): void {
  const legend = byId('legend', HTMLParagraphElement);
  if (!bar) {
    legend.replaceChildren();
    return;
  }
  const pairs = [
    ['O', formatPrice(bar.open, decimals)],
    ['H', formatPrice(bar.high, decimals)],
    ['L', formatPrice(bar.low, decimals)],
    ['C', formatPrice(bar.close, decimals)],
    ['Vol', formatAmount(Number(bar.baseVolume))],
  ] as const;
  renderKeyed(legend, JSON.stringify([bar.openMs, pairs]), () => [
    make('span', '', formatTime(bar.openMs)),
    ...pairs.flatMap(([name, value]) => [document.createTextNode(`  ${name} `), make('b', '', value)]),
  ]);
}

function showChange(bars: readonly Bar[], decimals: number): void {
  const change = changeOverHour(bars);
  const ratio = change?.ratio === undefined ? undefined : formatRatio(change.ratio);
  setData(byId('change', HTMLSpanElement), 'direction', ratio?.direction ?? 'flat');
  setText(
    byId('change-text', HTMLSpanElement),
    change && ratio ? `${ratio.text} (${formatSigned(change.absolute, decimals)})` : 'no change known',
  );
  setText(
    byId('change-span', HTMLSpanElement),
    !change || change.spanMinutes === 60 ? 'in 1 h' : `in ${change.spanMinutes} min`,
  );
}

function showTotals(symbol: string, bars: readonly Bar[], decimals: number): void {
  const totals = totalsOfHour(bars);
  const assets = assetsOf(symbol);
  const texts = totals && {
    high: formatPrice(totals.high, decimals),
    low: formatPrice(totals.low, decimals),
    'base-volume': `${formatAmount(totals.baseVolume)}${assets ? ` ${assets.base}` : ''}`,
    'quote-volume': `${formatAmount(totals.quoteVolume)}${assets ? ` ${assets.quote}` : ''}`,
    trades: formatCount(totals.trades),
    'taker-share': totals.takerBuyShare === undefined ? '–' : `${(totals.takerBuyShare * 100).toFixed(1)}%`,
  };
  for (const id of ['high', 'low', 'base-volume', 'quote-volume', 'trades', 'taker-share'] as const) {
    setText(byId(id, HTMLElement), texts?.[id] ?? '–');
  }
}

function showTable(bars: readonly Bar[], decimals: number): void {
  const rows = bars.slice(-TABLE_MINUTES).toReversed();
  renderKeyed(byId('rows', HTMLTableSectionElement), JSON.stringify(rows), () =>
    rows.map((bar) =>
      make(
        'tr',
        '',
        make('td', '', formatTime(bar.openMs)),
        ...(['open', 'high', 'low', 'close'] as const).map((field) =>
          make('td', '', formatPrice(bar[field], decimals)),
        ),
        make('td', '', formatAmount(Number(bar.baseVolume))),
        make('td', '', formatCount(Number(bar.trades))),
      ),
    ),
  );
}

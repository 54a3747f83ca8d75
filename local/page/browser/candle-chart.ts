import { CandlestickSeries, createChart, HistogramSeries } from 'lightweight-charts';
import type { IChartApi, MouseEventParams, UTCTimestamp } from 'lightweight-charts';
import { everyStep } from '#local/page/candle-book.ts';
import type { Step } from '#local/page/candle-book.ts';
import { formatAmount, formatPrice } from '#local/page/format.ts';
import { colour } from './theme.ts';

/** What a chart needs of a bar; the numbers are text as the store gave it. */
interface ChartBar {
  readonly openMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly baseVolume: string;
}

export interface CandleChart {
  /** Shows these bars. Those before `fromMs` are taken as drawn already, so that only the new ones move. */
  readonly draw: (bars: readonly ChartBar[], fromMs: number, decimals: number) => void;
  /** The last `count` bars' places, and following the newest from then on. */
  readonly showLast: (count: number) => void;
  /** Bars of another length from now on; clears. */
  readonly setStep: (stepMs: number) => void;
  readonly recolour: () => void;
  readonly clear: () => void;
}

interface Listeners {
  /** The bar under the pointer; undefined when there is none. */
  readonly onHover: (openMs: number | undefined) => void;
  /** Whether the newest bar is in sight. */
  readonly onFollow: (following: boolean) => void;
}

/** Places of room right of the newest candle. */
const ROOM = 2;

export function createCandleChart(
  container: HTMLElement,
  listeners: Listeners,
  firstStepMs: number,
): CandleChart {
  let stepMs = firstStepMs;
  const chart = createChart(container, {
    autoSize: true,
    // The attribution is in the page's footer: the built-in one needs an inline style, which the page's policy forbids.
    layout: { attributionLogo: false, fontFamily: getComputedStyle(document.body).fontFamily },
    timeScale: { timeVisible: true, secondsVisible: false, rightOffset: ROOM, minBarSpacing: 0.3 },
    rightPriceScale: { borderVisible: false, minimumWidth: 72 },
    handleScroll: { vertTouchDrag: false },
  });
  const candles = chart.addSeries(CandlestickSeries, {});
  const volume = chart.addSeries(
    HistogramSeries,
    {
      priceFormat: { type: 'custom', formatter: formatAmount, minMove: 1e-8 },
      lastValueVisible: false,
      priceLineVisible: false,
    },
    1,
  );
  chart.panes()[0]?.setStretchFactor(4);
  chart.panes()[1]?.setStretchFactor(1);
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.14, bottom: 0.06 } });
  let drawn: readonly ChartBar[] = [];
  let drawnSteps = 0;
  let drawnDecimals: number | undefined;

  const volumePoint = ({ openMs, bar }: Step<ChartBar>) => {
    const time = (openMs / 1000) as UTCTimestamp; // as above
    if (!bar) return { time };
    return { time, value: +bar.baseVolume, color: colours[+bar.close >= +bar.open ? 'upSoft' : 'downSoft'] };
  };

  let colours = readColours();
  const recolour = () => {
    colours = readColours();
    paint(chart);
    // Hollow where it rises, filled where it falls: the direction does not hang on the colour.
    candles.applyOptions({
      upColor: colours.surface,
      borderUpColor: colours.up,
      wickUpColor: colours.up,
      downColor: colours.down,
      borderDownColor: colours.down,
      wickDownColor: colours.down,
      priceLineColor: colours.muted,
    });
    volume.setData(everyStep(drawn, stepMs).map(volumePoint));
  };
  recolour();

  const clear = () => {
    drawn = [];
    drawnSteps = 0;
    drawnDecimals = undefined;
    candles.setData([]);
    volume.setData([]);
  };

  chart.subscribeCrosshairMove((event: MouseEventParams) => {
    listeners.onHover(typeof event.time === 'number' ? event.time * 1000 : undefined);
  });
  chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range && drawn.length > 0) listeners.onFollow(range.to >= drawnSteps - 1.5);
  });
  container.addEventListener('keydown', (event) => onKey(event, chart));

  return {
    draw(bars, fromMs, decimals) {
      if (decimals !== drawnDecimals) {
        drawnDecimals = decimals;
        const formatter = (price: number) => formatPrice(price, decimals);
        candles.applyOptions({ priceFormat: { type: 'custom', formatter, minMove: 10 ** -decimals } });
      }
      const steps = everyStep(bars, stepMs);
      const lastMs = drawn.at(-1)?.openMs;
      drawn = bars;
      drawnSteps = steps.length;
      if (lastMs === undefined || fromMs < lastMs) {
        candles.setData(steps.map(candlePoint));
        volume.setData(steps.map(volumePoint));
        return;
      }
      for (const step of steps.filter(({ openMs }) => openMs >= lastMs)) {
        candles.update(candlePoint(step));
        volume.update(volumePoint(step));
      }
    },
    showLast(count) {
      chart
        .timeScale()
        .setVisibleLogicalRange({ from: drawnSteps - count - 0.5, to: drawnSteps - 0.5 + ROOM });
      chart.priceScale('right').setAutoScale(true);
    },
    setStep(next) {
      clear();
      stepMs = next;
    },
    recolour,
    clear,
  };
}

function candlePoint({ openMs, bar }: Step<ChartBar>) {
  const time = (openMs / 1000) as UTCTimestamp; // whole seconds since 1970
  if (!bar) return { time };
  return { time, open: +bar.open, high: +bar.high, low: +bar.low, close: +bar.close };
}

function readColours() {
  return {
    up: colour('up'),
    down: colour('down'),
    upSoft: colour('up-soft'),
    downSoft: colour('down-soft'),
    surface: colour('surface'),
    muted: colour('muted'),
  };
}

function paint(chart: IChartApi): void {
  const grid = { color: colour('grid') };
  chart.applyOptions({
    layout: {
      background: { color: colour('surface') },
      textColor: colour('muted'),
      panes: { separatorColor: colour('line'), separatorHoverColor: colour('line') },
    },
    grid: { vertLines: grid, horzLines: grid },
    timeScale: { borderColor: colour('line') },
    crosshair: {
      vertLine: { labelBackgroundColor: '#4a5565' },
      horzLine: { labelBackgroundColor: '#4a5565' },
    },
  });
}

/** Moving and zooming without a pointer. */
function onKey(event: KeyboardEvent, chart: IChartApi): void {
  const range = chart.timeScale().getVisibleLogicalRange();
  if (!range || event.ctrlKey || event.metaKey || event.altKey) return;
  const width = range.to - range.from;
  const moved = (by: number) => ({ from: range.from + by, to: range.to + by });
  const zoomed = (by: number) => ({ from: range.to - width * by, to: range.to });
  switch (event.key) {
    case 'ArrowLeft':
      chart.timeScale().setVisibleLogicalRange(moved(-width / 10));
      break;
    case 'ArrowRight':
      chart.timeScale().setVisibleLogicalRange(moved(width / 10));
      break;
    case '+':
    case '=':
      if (width > 8) chart.timeScale().setVisibleLogicalRange(zoomed(0.8));
      break;
    case '-':
      chart.timeScale().setVisibleLogicalRange(zoomed(1.25));
      break;
    case 'End':
      chart.timeScale().scrollToRealTime();
      break;
    default:
      return;
  }
  event.preventDefault();
}

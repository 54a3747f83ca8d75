import type uPlot from 'uplot';
import { make } from '#local/page/browser/dom.ts';
import { canvasColour } from './canvas-colour.ts';
import { candlesOf, candlestickOptions } from './candle-shape.ts';
import type { Candle, Candles } from './candle-shape.ts';
import { cssColour, faded } from './colours.ts';
import { displayOf } from './display.ts';
import type { DrawPanel } from './panel-types.ts';
import { createPlot } from './plot.ts';
import { valueAxis } from './plot-axes.ts';
import { barWidth } from './series-paint.ts';
import { writtenTime } from './ticks.ts';
import type { TooltipText } from './tooltip.ts';

/** The share of the height that is left to the volume, below the prices. */
const VOLUME_SHARE = 0.2;

/** Candles over their volume. */
export const drawCandlestick: DrawPanel = (element, panel, first, host) => {
  const options = candlestickOptions.parse(panel.options);
  const withVolume = options.mode !== 'candles';
  const withCandles = options.mode !== 'volume';
  element.classList.add('viz');
  const area = make('div', 'viz-plot-area');
  element.append(area);

  let data = first;
  let shown = candlesOf(options, data.frames);
  const colourOf = ({ direction }: Candle) => cssColour(options.colors[direction]);
  const around = () => ({ usual: 'palette-classic', index: 0, timeZone: data.timeZone }) as const;
  const writePrice = (value: number, decimals?: number) =>
    displayOf(shown.price, around())(value, decimals).text;
  const writeVolume = (value: number, decimals?: number) =>
    displayOf(shown.volume ?? shown.price, around())(value, decimals).text;

  const plot = createPlot(
    area,
    {
      scales: {
        price: { range: (_, low, high) => priceRange(low ?? 0, high ?? 1, withVolume) },
        volume: { range: (_, __, high) => [0, (high ?? 1) / (withCandles ? VOLUME_SHARE : 0.95)] },
      },
      axes: [
        valueAxis('price', writePrice, { hidden: !withCandles }),
        {
          ...valueAxis('volume', writeVolume, { right: true, hidden: !withVolume, space: 18 }),
          // The prices stand above: the axis names the volumes' own part.
          filter: (self, splits) => {
            const top = (self.scales['volume']?.max ?? 0) * (withCandles ? VOLUME_SHARE : 1);
            return splits.map((value) => (value <= top ? value : null));
          },
        },
      ],
      series: [
        { scale: 'price', paths: nothing, points: { show: false } },
        { scale: 'price', paths: nothing, points: { show: false } },
        { scale: 'volume', paths: nothing, points: { show: false } },
      ],
      drawAbove: (self) => {
        if (withVolume) drawVolume(self, shown.candles, colourOf);
        if (withCandles) drawCandles(self, shown.candles, options.candleStyle, colourOf);
      },
      textAt,
    },
    data,
    host,
  );

  function textAt(column: number): TooltipText | undefined {
    const candle = shown.candles[column];
    if (!candle) return undefined;
    const { open, high, low, close, volume, timeMs } = candle;
    const rows = [
      ...Object.entries({ Open: open, High: high, Low: low, Close: close }).map(([name, value]) => ({
        name,
        value: writePrice(value),
      })),
      ...(volume === null || !withVolume ? [] : [{ name: 'Volume', value: writeVolume(volume) }]),
    ];
    return {
      title: writtenTime(timeMs, data.timeZone),
      rows: rows.map((row) => ({ ...row, colour: colourOf(candle) })),
    };
  }

  function show(): void {
    shown = candlesOf(options, data.frames);
    plot.setData(columnsOf(shown), data);
    const last = shown.candles.at(-1);
    const text =
      last &&
      textAt(shown.candles.length - 1)
        ?.rows.map(({ name, value }) => `${name} ${value}`)
        .join(', ');
    plot.describe(`${panel.title}, ${shown.candles.length} candles, the last: ${text ?? 'none'}`);
  }

  show();
  return {
    update(next) {
      data = next;
      show();
    },
    resize: () => plot.fit(),
    recolour: () => plot.recolour(),
    showPointer: (timeMs) => plot.showPointer(timeMs),
    destroy() {
      plot.destroy();
      element.replaceChildren();
    },
  };
};

/** The plot only scales: what is seen is drawn over it. */
const nothing = () => null;

function columnsOf({ candles }: Candles): uPlot.AlignedData {
  return [
    candles.map(({ timeMs }) => timeMs),
    candles.map(({ low }) => low),
    candles.map(({ high }) => high),
    candles.map(({ volume }) => volume),
  ];
}

function priceRange(low: number, high: number, withVolume: boolean): [number, number] {
  const span = high > low ? high - low : Math.abs(high) * 0.01 || 1;
  const below = withVolume ? (span * (VOLUME_SHARE + 0.06)) / (1 - VOLUME_SHARE) : span * 0.05;
  return [low - below, high + span * 0.05];
}

function drawVolume(plot: uPlot, candles: readonly Candle[], colourOf: (candle: Candle) => string): void {
  const { ctx } = plot;
  const width = barWidth(plot, 0.7);
  ctx.save();
  clip(plot);
  const bottom = plot.valToPos(0, 'volume', true);
  for (const candle of candles) {
    if (candle.volume === null) continue;
    const top = plot.valToPos(candle.volume, 'volume', true);
    ctx.fillStyle = canvasColour(faded(colourOf(candle), 0.45));
    ctx.fillRect(leftOf(plot, candle, width), top, width, bottom - top);
  }
  ctx.restore();
}

/** Hollow where it rises, filled where it falls: the direction does not hang on the colour. */
function drawCandles(
  plot: uPlot,
  candles: readonly Candle[],
  style: 'candles' | 'ohlcbars',
  colourOf: (candle: Candle) => string,
): void {
  const { ctx } = plot;
  const width = barWidth(plot, 0.7);
  const line = Math.max(1, Math.round(devicePixelRatio));
  const y = (value: number) => Math.round(plot.valToPos(value, 'price', true));
  const surface = canvasColour('var(--surface)');
  ctx.save();
  clip(plot);
  for (const candle of candles) {
    const left = leftOf(plot, candle, width);
    const middle = left + Math.floor((width - line) / 2);
    const [open, high, low, close] = [y(candle.open), y(candle.high), y(candle.low), y(candle.close)];
    ctx.fillStyle = canvasColour(colourOf(candle));
    ctx.fillRect(middle, high, line, Math.max(line, low - high));
    if (style === 'ohlcbars') {
      ctx.fillRect(left, open, middle - left, line);
      ctx.fillRect(middle, close, left + width - middle, line);
      continue;
    }
    const [top, height] = [Math.min(open, close), Math.max(line, Math.abs(open - close))];
    ctx.fillRect(left, top, width, height);
    if (candle.direction !== 'up' || width <= 3 * line || height <= 2 * line) continue;
    ctx.fillStyle = surface;
    ctx.fillRect(left + line, top + line, width - 2 * line, height - 2 * line);
  }
  ctx.restore();
}

function leftOf(plot: uPlot, { timeMs }: Candle, width: number): number {
  return Math.round(plot.valToPos(timeMs, 'x', true) - width / 2);
}

function clip({ ctx, bbox }: uPlot): void {
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
}

import type uPlot from 'uplot';
import { make, renderKeyed } from '#local/page/browser/dom.ts';
import { canvasColour } from './canvas-colour.ts';
import { heatColour } from './heat-colours.ts';
import { heatmapOptions } from './heatmap-options.ts';
import { heatMapOf, heatShare } from './heatmap-shape.ts';
import type { Cell, HeatMap } from './heatmap-shape.ts';
import type { DrawPanel, PanelData } from './panel-types.ts';
import { createPlot } from './plot.ts';
import type { Plot } from './plot.ts';
import { valueAxis } from './plot-axes.ts';
import { writtenTime } from './ticks.ts';
import type { TooltipText } from './tooltip.ts';
import { formatOf, withoutZeros, written } from './units.ts';

/** How often which value was measured when: the more often, the stronger the colour. */
export const drawHeatmap: DrawPanel = (element, panel, first, host) => {
  const options = heatmapOptions.parse(panel.options);
  const { defaults } = panel.fieldConfig;
  const { yAxis, cellValues } = options;
  const value = formatOf(yAxis.unit ?? (options.calculate ? defaults.unit : undefined) ?? 'short');
  const count = formatOf(cellValues.unit ?? 'short');
  const writeCount = (amount: number) => written(count(amount, cellValues.decimals ?? undefined));
  const colourAt = heatColour(options.color);
  const area = make('div', 'viz-plot-area');
  const legend = make('div', 'viz-heat-legend');
  legend.setAttribute('aria-hidden', 'true');
  element.classList.add('viz');
  element.append(area, legend);

  let data = first;
  let shown: HeatMap = heatMapOf(options, data);
  let plot: Plot | undefined;
  let builtFor: string | undefined;

  const writeValue = (at: number, decimals?: number) =>
    written(
      typeof yAxis.decimals === 'number' ? value(at, yAxis.decimals) : withoutZeros(value(at, decimals)),
    );
  const counts = () => {
    const all = shown.cells.map((cell) => cell.count);
    return {
      min: options.color.min ?? all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      max: options.color.max ?? all.reduce((a, b) => Math.max(a, b), 0),
    };
  };
  const colours = () => {
    const bounds = counts();
    return (cell: Cell) => colourAt(heatShare(cell.count, bounds, options.color));
  };

  function show(): void {
    shown = heatMapOf(options, data);
    const key = String(shown.log) + String(shown.names?.join(' '));
    if (!plot || key !== builtFor) {
      plot?.destroy();
      plot = build();
      builtFor = key;
    }
    plot.setData([[...shown.times], shown.times.map(() => null)], data);
    plot.describe(summary());
    showLegend();
  }

  function build(): Plot {
    const names = shown.names;
    const axis = valueAxis('y', writeValue, {
      hidden: yAxis.axisPlacement === 'hidden',
      right: yAxis.axisPlacement === 'right',
    });
    return createPlot(
      area,
      {
        scales: {
          y: { ...(shown.log ? { distr: 3, log: shown.log } : {}), range: () => rangeOf(shown, yAxis) },
        },
        axes: [names ? { ...axis, ...nameTicks(names, (name) => nameOf(name)) } : axis],
        series: [{ scale: 'y', paths: () => null, points: { show: false } }],
        drawBelow: (self) => drawCells(self, shown.cells, options.cellGap, colours()),
        textAt,
      },
      data,
      host,
    );
  }

  /** A bucket's `le` is a number of the axis's unit. */
  function nameOf(name: string): string {
    const number = name === '+Inf' ? Number.POSITIVE_INFINITY : Number(name);
    return Number.isNaN(number) ? name : writeValue(number);
  }

  function bucketOf({ low, high }: Cell): string {
    const { names } = shown;
    if (!names) return `${writeValue(low)} to ${writeValue(high)}`;
    return `up to ${nameOf(names[low] ?? '')}`;
  }

  function textAt(column: number, self: uPlot): TooltipText | undefined {
    const middle = shown.times[column];
    const cells = shown.cells
      .filter(({ fromMs, toMs }) => (fromMs + toMs) / 2 === middle)
      .toSorted((a, b) => b.low - a.low);
    const [cell] = cells;
    if (!cell) return undefined;
    const at = self.posToVal(self.cursor.top ?? -1, 'y');
    const { timeZone } = data;
    const colourOf = colours();
    return {
      title: `${writtenTime(cell.fromMs, timeZone)} to ${writtenTime(cell.toMs, timeZone).slice(11)}`,
      rows: cells.map((one) => ({
        colour: colourOf(one),
        name: bucketOf(one),
        value: writeCount(one.count),
        strong: at >= one.low && at < one.high,
      })),
    };
  }

  function showLegend(): void {
    legend.hidden = !options.legend.show || shown.cells.length === 0;
    const { min, max } = counts();
    renderKeyed(legend, JSON.stringify([min, max]), () => {
      const bar = make('i', '');
      const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => colourAt(share));
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
      return [make('span', '', writeCount(min)), bar, make('span', '', writeCount(max))];
    });
  }

  function summary(): string {
    const most = shown.cells.reduce<Cell | undefined>((a, b) => (a && a.count >= b.count ? a : b), undefined);
    const peak =
      most &&
      `most often ${bucketOf(most)}: ${writeCount(most.count)} at ${writtenTime(most.fromMs, data.timeZone)}`;
    const left = shown.leftOut > 0 ? `; ${shown.leftOut} samples are not on the axis` : '';
    return `${panel.title}, ${shown.cells.length} cells, ${peak ?? 'none'}${left}`;
  }

  show();
  return {
    update(next: PanelData) {
      data = next;
      show();
    },
    resize: () => plot?.fit(),
    recolour: () => plot?.recolour(),
    showPointer: (timeMs) => plot?.showPointer(timeMs),
    destroy() {
      plot?.destroy();
      element.replaceChildren();
    },
  };
};

function rangeOf(
  { low, high, cells }: HeatMap,
  { min, max }: { readonly min?: number | null | undefined; readonly max?: number | null | undefined },
): [number, number] {
  if (cells.length === 0) return [min ?? 1, max ?? 10];
  return [min ?? low, max ?? high];
}

/** A bucket is named at its upper edge, by its greatest value. */
function nameTicks(names: readonly string[], write: (name: string) => string): Partial<uPlot.Axis> {
  return {
    splits: (self) => {
      const every = Math.ceil((names.length * 18) / Math.max(1, self.height - 40));
      return names.map((_, place) => place + 1).filter((place) => place % every === 0);
    },
    values: (_, splits) => splits.map((place) => write(names[place - 1] ?? '')),
  };
}

function drawCells(plot: uPlot, cells: readonly Cell[], gap: number, colourOf: (cell: Cell) => string): void {
  const { ctx, bbox } = plot;
  const space = gap * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const cell of cells) {
    const [left, right] = [plot.valToPos(cell.fromMs, 'x', true), plot.valToPos(cell.toMs, 'x', true)];
    const [top, bottom] = [plot.valToPos(cell.high, 'y', true), plot.valToPos(cell.low, 'y', true)];
    const [x, y] = [Math.round(left), Math.round(top)];
    ctx.fillStyle = canvasColour(colourOf(cell));
    ctx.fillRect(
      x,
      y,
      Math.max(1, Math.round(right) - x - space),
      Math.max(1, Math.round(bottom) - y - space),
    );
  }
  ctx.restore();
}

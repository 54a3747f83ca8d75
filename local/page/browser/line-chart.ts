import uPlot from 'uplot';
import { make, renderKeyed } from './dom.ts';
import { colour } from './theme.ts';

export interface Line {
  readonly name: string;
  /** Custom property of theme.css. */
  readonly colour: string;
  /** Lengths of strokes and spaces, so that lines differ by more than colour. */
  readonly dash: readonly number[];
  readonly width?: number;
}

interface Options {
  readonly container: HTMLElement;
  readonly legend: HTMLElement;
  readonly lines: readonly Line[];
  /** The scale is linear up to here on both sides of 0, and logarithmic beyond. */
  readonly linearTo: number;
  /** Values that may bear a grid line, in order. */
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** A dashed line across, with its words. */
  readonly limit?: { readonly value: number; readonly text: string };
}

export interface LineChart {
  /** Times in seconds and a column per line; the window is [fromMs, toMs]. */
  readonly draw: (
    columns: readonly [number[], ...(number | null)[][]],
    window: { readonly fromMs: number; readonly toMs: number },
  ) => void;
  readonly recolour: () => void;
}

export function createLineChart(options: Options): LineChart {
  const { container, lines, format, ticks } = options;
  let hovered: number | null | undefined;
  let window = { fromMs: 0, toMs: 1 };
  const axis = {
    stroke: () => colour('muted'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  } satisfies uPlot.Axis;
  const plot = new uPlot(
    {
      width: container.clientWidth || 300,
      height: container.clientHeight || 230,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      padding: [10, 12, 0, 0],
      scales: {
        x: { time: true, range: () => [window.fromMs / 1000, window.toMs / 1000] },
        y: {
          distr: 4,
          asinh: options.linearTo,
          range: (_, min, max) => enclosing(ticks, min, max, options.limit?.value),
        },
      },
      axes: [
        {
          ...axis,
          space: 60,
          size: 26,
          values: (_, splits) => splits.map((at) => new Date(at * 1000).toISOString().slice(11, 16)),
        },
        {
          ...axis,
          size: 62,
          splits: (_, __, min, max) => thinned(ticks.filter((tick) => tick >= min && tick <= max)),
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map((value) => (value === 0 ? '0' : format(value))),
        },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          stroke: () => colour(line.colour),
          width: line.width ?? 1.5,
          dash: [...line.dash],
          points: { show: false },
          spanGaps: false,
        })),
      ],
      hooks: {
        setCursor: [
          (self) => {
            hovered = self.cursor.idx;
            showLegend();
          },
        ],
        draw: [(self) => options.limit && drawLimit(self, options.limit)],
      },
    },
    [[], ...lines.map(() => [])],
    container,
  );
  new ResizeObserver(() => {
    plot.setSize({ width: container.clientWidth, height: container.clientHeight });
  }).observe(container);

  function showLegend(): void {
    const values = lines.map((line, index) => {
      const column = [...(plot.data[index + 1] ?? [])];
      const value =
        typeof hovered !== 'number' ? column.findLast((v) => typeof v === 'number') : column[hovered];
      return { line, text: typeof value === 'number' ? format(value) : '–' };
    });
    renderKeyed(options.legend, values.map(({ text }) => text).join('|'), () =>
      values.map(({ line, text }) =>
        make('li', '', swatch(line), make('span', 'name', line.name), make('span', 'value', text)),
      ),
    );
  }

  return {
    draw(columns, shown) {
      window = shown;
      plot.setData([...columns] as uPlot.AlignedData); // a column of times, then columns of the same length
      if (typeof hovered !== 'number') showLegend();
    },
    recolour: () => plot.redraw(false, true),
  };
}

/** The tightest ticks around the data, so that the axis moves in steps and not with each sample. */
function enclosing(
  ticks: readonly number[],
  min: number | null,
  max: number | null,
  limit = Number.NEGATIVE_INFINITY,
): [number, number] {
  const [low, high] = [min ?? 0, Math.max(max ?? 0, limit)];
  const from = ticks.findLast((tick) => tick <= low) ?? ticks[0] ?? 0;
  const to = ticks.find((tick) => tick >= high && tick > from) ?? ticks.at(-1) ?? 1;
  return [from, to];
}

function thinned(ticks: readonly number[]): number[] {
  const step = Math.ceil(ticks.length / 7);
  return ticks.filter((_, index) => index % step === 0);
}

function drawLimit(plot: uPlot, limit: { readonly value: number; readonly text: string }): void {
  const y = Math.round(plot.valToPos(limit.value, 'y', true));
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour('warn');
  ctx.fillStyle = colour('warn');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = 'right';
  ctx.fillText(limit.text, bbox.left + bbox.width - 4, y - 5 * devicePixelRatio);
  ctx.restore();
}

const SVG = 'http://www.w3.org/2000/svg';

function swatch(line: Line): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const stroke = document.createElementNS(SVG, 'line');
  for (const [name, value] of Object.entries({
    x1: 0,
    x2: 26,
    y1: 4,
    y2: 4,
    stroke: `var(--${line.colour})`,
    'stroke-width': 2.5,
    'stroke-dasharray': line.dash.join(' '),
  })) {
    stroke.setAttribute(name, String(value));
  }
  svg.append(stroke);
  return svg;
}

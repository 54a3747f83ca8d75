import uPlot from 'uplot';
import { canvasColour } from './canvas-colour.ts';
import { faded, seriesRound } from './colours.ts';
import { isolated } from './time-series-shape.ts';
import type { Drawn, Series } from './time-series-shape.ts';

/** How uPlot draws a series: its colours, its path, and what it fills. `drawn` is what it shows at the moment. */
export function seriesPaint(
  series: Series,
  colour: string,
  drawn: () => Drawn | undefined,
): Omit<uPlot.Series, 'scale'> {
  const { style, index } = series;
  const stroke = () => canvasColour(colour);
  const isPoints = style.drawStyle === 'points';
  const isBars = style.drawStyle === 'bars';
  const always = isPoints || style.showPoints === 'always';
  return {
    label: series.field.displayName,
    stroke,
    width: style.lineWidth,
    ...(isPoints || style.fillOpacity === 0 ? {} : { fill: (self: uPlot) => filling(self, series, colour) }),
    ...dashOf(style.lineStyle, seriesRound(index)),
    paths: isPoints
      ? () => null
      : isBars
        ? barPaths(style.barWidthFactor, drawn)
        : areaPaths(style.lineInterpolation, drawn),
    spanGaps: style.spanNulls === true,
    points: {
      show: !isBars,
      size: style.pointSize,
      stroke,
      fill: stroke,
      // One sample between two holes has no line: a point keeps it in sight.
      ...(always || isBars ? {} : { filter: () => isolated(drawn()?.upper ?? []) }),
    },
  };
}

function dashOf(
  { fill, dash }: Series['style']['lineStyle'],
  round: number,
): { readonly dash: number[]; readonly cap?: 'round' } | Record<string, never> {
  if (fill === 'dash') return { dash: dash ?? [10, 10] };
  if (fill === 'dot') return { dash: dash ?? [0, 6], cap: 'round' };
  if (fill === 'square') return { dash: dash ?? [4, 4] };
  // Colours have come again: strokes tell the series apart.
  return round > 0 ? { dash: [8 / round, 4] } : {};
}

function filling(plot: uPlot, { style }: Series, colour: string): string | CanvasGradient {
  const share = style.fillOpacity / 100;
  if (style.gradientMode === 'none') return canvasColour(faded(colour, share));
  const { top, height } = plot.bbox;
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, canvasColour(faded(colour, share)));
  gradient.addColorStop(1, canvasColour(faded(colour, share / 10)));
  return gradient;
}

/** A line of uPlot's, filled down to what lies below it. */
function areaPaths(kind: string, drawn: () => Drawn | undefined): uPlot.Series.PathBuilder {
  const { linear, spline, stepped } = uPlot.paths;
  const builder =
    kind === 'smooth'
      ? spline?.()
      : kind === 'stepAfter'
        ? stepped?.({ align: 1 })
        : kind === 'stepBefore'
          ? stepped?.({ align: -1 })
          : linear?.();
  return (plot, place, from, to) => {
    const paths = builder?.(plot, place, from, to) ?? null;
    const shape = drawn();
    if (!paths || !shape?.lower) return paths;
    return { ...paths, fill: between(plot, plot.series[place]?.scale ?? 'y', shape) };
  };
}

/** The area of a stacked series, piece by piece between its holes. */
function between(plot: uPlot, scale: string, { upper, lower }: Drawn): Path2D {
  const path = new Path2D();
  let piece: { x: number; y: number; base: number }[] = [];
  const close = () => {
    const [first] = piece;
    if (!first) return;
    path.moveTo(first.x, first.y);
    for (const { x, y } of piece) path.lineTo(x, y);
    for (const { x, base } of piece.toReversed()) path.lineTo(x, base);
    path.closePath();
    piece = [];
  };
  for (const [column, time] of plot.data[0].entries()) {
    const [y, base] = [upper[column], lower?.[column]];
    if (y === null) close();
    if (typeof y !== 'number' || typeof base !== 'number') continue;
    piece.push({
      x: plot.valToPos(time, 'x', true),
      y: plot.valToPos(y, scale, true),
      base: plot.valToPos(base, scale, true),
    });
  }
  close();
  return path;
}

/** Bars from what lies below, or from zero, as wide as the narrowest step allows. */
function barPaths(share: number, drawn: () => Drawn | undefined): uPlot.Series.PathBuilder {
  return (plot, place, from, to) => {
    const scale = plot.series[place]?.scale ?? 'y';
    const { upper = [], lower } = drawn() ?? {};
    const width = barWidth(plot, share);
    const bottom = plot.scales[scale]?.min ?? 0;
    const path = new Path2D();
    for (let column = from; column <= to; column++) {
      const [time, value] = [plot.data[0][column], upper[column]];
      if (time === undefined || typeof value !== 'number') continue;
      const base = plot.valToPos(lower?.[column] ?? Math.max(0, bottom), scale, true);
      const y = plot.valToPos(value, scale, true);
      const left = Math.round(plot.valToPos(time, 'x', true) - width / 2);
      path.rect(left, Math.min(y, base), width, Math.abs(base - y));
    }
    return { stroke: path, fill: path };
  };
}

/** In the canvas's pixels, from the narrowest step of the data. */
export function barWidth(plot: uPlot, share: number): number {
  const times = plot.data[0];
  let step = Number.POSITIVE_INFINITY;
  for (let column = 1; column < times.length; column++) {
    step = Math.min(step, (times[column] ?? 0) - (times[column - 1] ?? 0));
  }
  const { min, max } = plot.scales['x'] ?? {};
  const span = (max ?? 1) - (min ?? 0);
  const pixels = Number.isFinite(step) ? (step / span) * plot.bbox.width : plot.bbox.width / 20;
  return Math.max(devicePixelRatio, Math.round(pixels * share));
}

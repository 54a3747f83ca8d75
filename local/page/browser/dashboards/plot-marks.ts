import type uPlot from 'uplot';
import { canvasColour } from './canvas-colour.ts';
import { cssColour, faded } from './colours.ts';
import type { Annotation } from './panel-types.ts';

/** Vertical dashed lines at events, each with a mark at its foot; a tinted region where an event has an end. */
export function drawAnnotations(plot: uPlot, annotations: readonly Annotation[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height + 6 * devicePixelRatio);
  ctx.clip();
  for (const { timeMs, endMs, colour } of annotations) {
    const css = cssColour(colour);
    const x = Math.round(plot.valToPos(timeMs, 'x', true));
    const end = endMs === undefined ? x : Math.round(plot.valToPos(endMs, 'x', true));
    if (end > x) {
      ctx.fillStyle = canvasColour(faded(css, 0.12));
      ctx.fillRect(x, bbox.top, end - x, bbox.height);
    }
    ctx.strokeStyle = canvasColour(css);
    ctx.fillStyle = canvasColour(css);
    ctx.lineWidth = Math.max(1, Math.round(devicePixelRatio));
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const place of new Set([x, end])) {
      line(ctx, place, bbox.top, place, bbox.top + bbox.height);
      foot(ctx, place, bbox.top + bbox.height);
    }
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  // A stroke lies on both sides of its path: one of odd width is sharp only between two pixels.
  const shift = (ctx.lineWidth % 2) / 2;
  ctx.beginPath();
  ctx.moveTo(x0 + shift, y0 + shift);
  ctx.lineTo(x1 + shift, y1 + shift);
  ctx.stroke();
}

function foot(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  const size = 5 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x - size, y + size);
  ctx.lineTo(x, y);
  ctx.lineTo(x + size, y + size);
  ctx.fill();
}

/** How near the pointer has to come, in pixels. */
const REACH = 6;

/** What the events under the pointer say. */
export function annotationsAt(plot: uPlot, annotations: readonly Annotation[], left: number): string[] {
  if (left < 0) return [];
  return annotations
    .filter(({ timeMs, endMs = timeMs }) => {
      const [from, to] = [plot.valToPos(timeMs, 'x') - REACH, plot.valToPos(endMs, 'x') + REACH];
      return left >= from && left <= to;
    })
    .map(({ title, text }) => [title, text].filter(Boolean).join(': '));
}

/** Thresholds as lines across, or as what lies above them tinted. */
export function drawThresholds(
  plot: uPlot,
  scale: string,
  steps: readonly { readonly from: number; readonly colour: string }[],
  mode: string,
): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales[scale] ?? {};
  if (mode === 'off' || mode === 'series' || min === null || max === null) return;
  const place = (value: number) => plot.valToPos(Math.min(Math.max(value, min), max), scale, true);
  ctx.save();
  for (const [index, { from, colour }] of steps.entries()) {
    const css = cssColour(colour);
    const to = steps[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (mode.includes('area') && to > min && from < max) {
      ctx.fillStyle = canvasColour(faded(css, 0.1));
      ctx.fillRect(bbox.left, place(to), bbox.width, place(from) - place(to));
    }
    if (!/line|dashed/u.test(mode) || from < min || from > max) continue;
    ctx.strokeStyle = canvasColour(faded(css, 0.8));
    ctx.lineWidth = Math.round(1.5 * devicePixelRatio);
    ctx.setLineDash(mode.startsWith('dashed') ? [8 * devicePixelRatio, 6 * devicePixelRatio] : []);
    const y = Math.round(place(from));
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
  }
  ctx.restore();
}

import type uPlot from 'uplot';
import { canvasColour } from './canvas-colour.ts';
import type { PanelData } from './panel-types.ts';
import { timeTick, valueTicks } from './ticks.ts';

const FONT_SIZE = 12;

function look(): uPlot.Axis {
  return {
    stroke: () => canvasColour('var(--muted)'),
    grid: { stroke: () => canvasColour('var(--grid)'), width: 1 },
    ticks: { show: false },
    font: `${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`,
  };
}

/** The plot's own axis, below. */
export function timeAxis(data: () => PanelData): uPlot.Axis {
  const span = () => data().range.toMs - data().range.fromMs;
  return {
    ...look(),
    size: 26,
    space: () => (span() > 86_400_000 ? 96 : 64),
    values: (_, splits, __, ___, step) => splits.map((at) => timeTick(at, step, span(), data().timeZone)),
  };
}

/** An axis of values on one side. */
export function valueAxis(
  scale: string,
  write: (value: number, decimals: number | undefined) => string,
  options: {
    readonly right?: boolean;
    readonly hidden?: boolean;
    readonly grid?: boolean;
    /** Least distance of two values, in pixels. */
    readonly space?: number;
    readonly label?: string;
  } = {},
): uPlot.Axis {
  const { right = false, hidden = false, grid = !right, space = 32, label } = options;
  const base = look();
  return {
    ...base,
    scale,
    side: right ? 1 : 3,
    show: !hidden,
    grid: { ...base.grid, show: grid },
    space,
    gap: 6,
    size: (self, values) => axisWidth(self, values),
    ...(label ? { label, labelSize: 18, labelFont: base.font ?? '' } : {}),
    values: (_, splits, __, ___, step) => {
      const shown = splits.filter((value) => value !== null);
      const texts = valueTicks(shown, step, write);
      return splits.map((value) => (value === null ? '' : (texts[shown.indexOf(value)] ?? '')));
    },
  };
}

function axisWidth(plot: uPlot, values: readonly string[] | null): number {
  plot.ctx.font = look().font ?? '';
  // The canvas counts in the device's pixels only where it draws: this font is in CSS pixels.
  const widths = (values ?? []).map((text) => plot.ctx.measureText(text).width);
  return Math.ceil(widths.reduce((a, b) => Math.max(a, b), 18)) + 12;
}

import uPlot from 'uplot';
import { make, setText } from '#local/page/browser/dom.ts';
import { forgetColours } from './canvas-colour.ts';
import type { PanelData, PanelHost } from './panel-types.ts';
import { timeAxis } from './plot-axes.ts';
import { annotationsAt, drawAnnotations } from './plot-marks.ts';
import { createTooltip, spoken } from './tooltip.ts';
import type { TooltipText } from './tooltip.ts';

/** What differs between the panels that have a time axis. */
export interface PlotKind {
  readonly scales: Readonly<Record<string, uPlot.Scale>>;
  /** Those of values; that of time is the plot's own. */
  readonly axes: readonly uPlot.Axis[];
  readonly series: readonly uPlot.Series[];
  /** Before the series. */
  readonly drawBelow?: (plot: uPlot) => void;
  /** After the series. */
  readonly drawAbove?: (plot: uPlot) => void;
  /** What is told of this column of the data; undefined for nothing. */
  readonly textAt: (column: number, plot: uPlot) => TooltipText | undefined;
}

export interface Plot {
  readonly plot: uPlot;
  readonly setData: (columns: uPlot.AlignedData, data: PanelData) => void;
  readonly describe: (text: string) => void;
  readonly fit: () => void;
  readonly recolour: () => void;
  readonly showPointer: (timeMs: number | undefined) => void;
  readonly destroy: () => void;
}

/** A canvas with time from left to right, a pointer, a tooltip and what the dashboard marks, into an empty element. */
export function createPlot(element: HTMLElement, kind: PlotKind, first: PanelData, host: PanelHost): Plot {
  let data = first;
  /** Moved by this plot's own user, and not by another panel's pointer. */
  let own = false;
  const live = make('div', 'visually-hidden');
  live.setAttribute('aria-live', 'polite');
  const canvas = make('div', 'viz-plot');
  canvas.setAttribute('role', 'img');
  canvas.tabIndex = 0;
  element.append(canvas, live);
  const tooltip = createTooltip();

  const plot = new uPlot(
    {
      width: Math.max(canvas.clientWidth, LEAST_SIZE),
      height: Math.max(canvas.clientHeight, LEAST_SIZE),
      ms: 1,
      legend: { show: false },
      padding: [8, null, 0, null],
      tzDate: (timeMs) => uPlot.tzDate(new Date(timeMs), data.timeZone),
      cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: false } },
      focus: { alpha: 0.25 },
      scales: { x: { time: true, range: () => [data.range.fromMs, data.range.toMs] }, ...kind.scales },
      axes: [timeAxis(() => data), ...kind.axes],
      series: [{}, ...kind.series],
      hooks: {
        drawClear: [(self) => kind.drawBelow?.(self)],
        draw: [
          (self) => {
            kind.drawAbove?.(self);
            drawAnnotations(self, data.annotations);
          },
        ],
        setCursor: [(self) => pointed(self)],
        setSelect: [(self) => chosen(self)],
      },
    },
    [[], ...kind.series.map(() => [])],
    canvas,
  );

  function textAt(column: number): TooltipText | undefined {
    const text = kind.textAt(column, plot);
    const notes = annotationsAt(plot, data.annotations, plot.cursor.left ?? -1);
    return text && { ...text, notes: [...(text.notes ?? []), ...notes] };
  }

  function pointed(self: uPlot): void {
    const { left = -1, top = -1, idx, event } = self.cursor;
    if (event) own = true;
    const column = typeof idx === 'number' && left >= 0 ? idx : undefined;
    const text = column === undefined || !own ? undefined : textAt(column);
    if (own) host.pointAt(column === undefined ? undefined : Math.round(self.posToVal(left, 'x')));
    if (!text) {
      tooltip.hide();
      return;
    }
    const over = self.over.getBoundingClientRect();
    tooltip.show(text, over.left + left, over.top + Math.max(0, top));
  }

  function chosen(self: uPlot): void {
    const { left, width } = self.select;
    if (width < LEAST_ZOOM) return;
    const [from, to] = [self.posToVal(left, 'x'), self.posToVal(left + width, 'x')];
    self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    tooltip.hide();
    host.zoomTo(Math.round(from), Math.round(to));
  }

  function moveTo(column: number | undefined): void {
    const x = column === undefined ? undefined : plot.data[0][column];
    own = true;
    if (x === undefined || column === undefined) {
      plot.setCursor({ left: -10, top: -10 });
      return;
    }
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 3 });
    const text = textAt(column);
    if (text) setText(live, spoken(text));
  }

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const lastColumn = plot.data[0].length - 1;
    const at = plot.cursor.idx ?? (event.key === 'ArrowLeft' ? lastColumn + 1 : -1);
    const steps: Readonly<Record<string, number | undefined>> = {
      ArrowLeft: Math.max(0, at - 1),
      ArrowRight: Math.min(lastColumn, at + 1),
      Home: 0,
      End: lastColumn,
    };
    const next = steps[event.key];
    if (next === undefined && event.key !== 'Escape') return;
    moveTo(next);
    event.preventDefault();
  });
  canvas.addEventListener('blur', () => moveTo(undefined));

  function fit(): void {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width > 0 && height > 0 && (width !== plot.width || height !== plot.height)) {
      plot.setSize({ width, height });
    }
  }

  return {
    plot,
    setData(columns, next) {
      data = next;
      fit();
      plot.setData(columns);
    },
    describe(text) {
      if (canvas.getAttribute('aria-label') !== text) canvas.setAttribute('aria-label', text);
    },
    fit,
    recolour() {
      forgetColours();
      plot.redraw(true, true);
    },
    showPointer(timeMs) {
      own = false;
      const left = timeMs === undefined ? -10 : plot.valToPos(timeMs, 'x');
      plot.setCursor({ left, top: -10 }, false);
    },
    destroy() {
      tooltip.destroy();
      plot.destroy();
      canvas.remove();
      live.remove();
    },
  };
}

/** uPlot can't draw into nothing: a panel that is out of sight has no size yet. */
const LEAST_SIZE = 40;
/** Pixels below which a drag is a click. */
const LEAST_ZOOM = 4;

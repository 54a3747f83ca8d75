import type uPlot from 'uplot';
import { make } from '#local/page/browser/dom.ts';
import { displayOf, numberFields } from './display.ts';
import type { Shown } from './display.ts';
import { pressed } from './legend-press.ts';
import type { DrawPanel } from './panel-types.ts';
import { createPlot } from './plot.ts';
import type { Plot } from './plot.ts';
import { drawThresholds } from './plot-marks.ts';
import { keepsUnit, reduced } from './reduce.ts';
import { boundsOf, fieldBounds, fieldColour, stepsOf } from './scale.ts';
import { createLegend } from './series-legend.ts';
import { seriesPaint } from './series-paint.ts';
import { alignSeries, stackSeries } from './time-series-shape.ts';
import type { Aligned, Series } from './time-series-shape.ts';
import { timeSeriesOptions } from './time-series-options.ts';
import { writtenTime } from './ticks.ts';
import type { TooltipText } from './tooltip.ts';
import { scalesOf } from './value-scales.ts';

/** Lines, bars and points over time. */
export const drawTimeSeries: DrawPanel = (element, panel, first, host) => {
  const options = timeSeriesOptions.parse(panel.options);
  const plotElement = make('div', 'viz-plot-area');
  const legendElement = make('div', 'viz-legend');
  element.classList.add('viz');
  element.append(plotElement, legendElement);

  let data = first;
  let aligned: Aligned = { times: [], series: [] };
  let visible: readonly Shaped[] = [];
  let hidden: ReadonlySet<string> = new Set();
  let plot: Plot | undefined;
  let builtFor = '';

  const legend = createLegend(legendElement, options.legend, {
    onPress(index, adding) {
      const items = legendSeries();
      const name = items[index]?.field.displayName;
      if (name === undefined) return;
      hidden = pressed(
        hidden,
        items.map(({ field }) => field.displayName),
        name,
        adding,
      );
      show();
    },
    onPoint(index) {
      const item = index === undefined ? undefined : legendSeries()[index];
      const place = visible.findIndex(({ series }) => series === item);
      plot?.plot.setSeries(place < 0 ? null : place + 1, { focus: place >= 0 });
    },
  });

  const legendSeries = () => aligned.series.filter(({ style }) => !style.hideFrom.legend);
  const isHidden = ({ field }: Series) => hidden.has(field.displayName);
  const displayFor = (series: Series) =>
    displayOf(series.field, { usual: 'palette-classic', index: series.index, timeZone: data.timeZone });

  /** A legend beside the plot needs room; without it, it stands below. */
  function layOut(): void {
    const beside = options.legend.placement === 'right' && element.clientWidth >= LEAST_WIDTH_BESIDE;
    element.classList.toggle('viz-beside', beside);
  }

  function show(): void {
    layOut();
    aligned = alignSeries(data.frames);
    const drawn = stackSeries(aligned, isHidden);
    visible = aligned.series.flatMap((series, place) => {
      const shape = drawn[place];
      return shape && !isHidden(series) ? [{ series, ...shape, display: displayFor(series) }] : [];
    });
    legend(legendSeries().map(legendItem));
    const key = JSON.stringify(
      visible.map(({ series: { field, style, index } }) => [field.displayName, field.config, style, index]),
    );
    if (!plot || key !== builtFor) {
      plot?.destroy();
      plot = build();
      builtFor = key;
    }
    plot.setData([aligned.times, ...visible.map(({ upper }) => upper)] as uPlot.AlignedData, data); // one length each
    plot.describe(summary());
  }

  function build(): Plot {
    const { scales, axes, keyOf } = scalesOf(visible.map(({ series }) => series));
    const shown = () => visible;
    return createPlot(
      plotElement,
      {
        scales,
        axes,
        series: visible.map(({ series }, place) => ({
          scale: keyOf(series),
          ...seriesPaint(series, colourOf(series), () => shown()[place]),
        })),
        drawBelow: (self) => thresholds(self, keyOf, 'area'),
        drawAbove: (self) => thresholds(self, keyOf, 'line'),
        textAt,
      },
      data,
      host,
    );
  }

  function thresholds(self: uPlot, keyOf: (series: Series) => string, part: 'area' | 'line'): void {
    const series = visible.find(({ series: { style } }) => style.thresholdsStyle.mode !== 'off')?.series;
    if (!series) return;
    const { config } = series.field;
    const { mode } = series.style.thresholdsStyle;
    const parts = mode.split('+').filter((one) => (one === 'area') === (part === 'area'));
    const bounds = fieldBounds(config, boundsOf(numberFields(data.frames).map(({ field }) => field)));
    drawThresholds(self, keyOf(series), stepsOf(config, bounds), parts[0] ?? 'off');
  }

  function textAt(column: number, self: uPlot): TooltipText | undefined {
    const time = aligned.times[column];
    if (time === undefined || options.tooltip.mode === 'none') return undefined;
    const rows = visible.flatMap(({ series, display, upper }, place) => {
      const value = series.values[column];
      if (value === null || value === undefined || series.style.hideFrom.tooltip) return [];
      const top = self.valToPos(upper[column] ?? 0, self.series[place + 1]?.scale ?? 'y');
      const away = Math.abs(top - (self.cursor.top ?? 0));
      return [
        {
          colour: colourOf(series),
          name: series.field.displayName,
          value: display(value).text,
          number: value,
          away,
        },
      ];
    });
    const nearest = rows.toSorted((a, b) => a.away - b.away)[0];
    const { mode, sort } = options.tooltip;
    const kept = mode === 'single' ? rows.filter((row) => row === nearest) : rows;
    const order = { none: () => 0, asc: byNumber, desc: (a: Numbered, b: Numbered) => byNumber(b, a) }[sort];
    return {
      title: writtenTime(time, data.timeZone),
      rows: kept.toSorted(order).map((row) => ({ ...row, strong: rows.length > 1 && row === nearest })),
    };
  }

  function legendItem(series: Series) {
    const display = displayFor(series);
    const values = series.values.filter((value) => value !== undefined);
    return {
      name: series.field.displayName,
      colour: colourOf(series),
      hidden: isHidden(series),
      calcs: options.legend.calcs.map((calc) => {
        const value = reduced(values, calc);
        return keepsUnit(calc) || value === null ? display(value).text : String(value);
      }),
    };
  }

  function summary(): string {
    const lasts = visible.slice(0, MOST_TOLD).map(({ series, display }) => {
      const value = reduced(
        series.values.filter((one) => one !== undefined),
        'lastNotNull',
      );
      return `${series.field.displayName} ${value === null ? 'none' : display(value).text}`;
    });
    const more = visible.length > MOST_TOLD ? `; and ${visible.length - MOST_TOLD} more` : '';
    return `${panel.title}, over time, last: ${lasts.join('; ')}${more}`;
  }

  show();
  return {
    update(next) {
      data = next;
      show();
    },
    resize() {
      layOut();
      plot?.fit();
    },
    recolour: () => plot?.recolour(),
    showPointer: (timeMs) => plot?.showPointer(timeMs),
    destroy() {
      plot?.destroy();
      element.replaceChildren();
    },
  };
};

/** In pixels. */
const LEAST_WIDTH_BESIDE = 520;
/** A summary is read out whole. */
const MOST_TOLD = 12;

interface Shaped {
  readonly series: Series;
  readonly upper: Series['values'];
  readonly lower: Series['values'] | undefined;
  readonly display: (value: number | null) => Shown;
}

interface Numbered {
  readonly number: number;
}

function byNumber(a: Numbered, b: Numbered): number {
  return a.number - b.number;
}

function colourOf({ field, index }: Series): string {
  return fieldColour(field, index, 'palette-classic');
}

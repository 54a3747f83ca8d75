import { make } from '#local/page/browser/dom.ts';
import { barOf } from './gauge-bar.ts';
import type { Frame, PanelHost } from './panel-types.ts';
import { fieldColour } from './scale.ts';
import { drawSparkline } from './sparkline.ts';
import { timeField } from './display.ts';
import { reduced } from './reduce.ts';
import { seriesOf } from './table-shape.ts';
import type { Column } from './table-shape.ts';
import { displayOf } from './display.ts';
import { valueLink } from './value-link.ts';

/** A cell of a table, as its column says. */
export function cellOf(
  column: Column,
  frame: Frame,
  row: number,
  host: PanelHost,
  timeZone: string,
): HTMLElement {
  const { field, style } = column;
  const cell = make('td', `viz-cell ${column.align}`);
  const value = field.values[row] ?? null;
  if (typeof value === 'object') {
    if (value !== null) cell.append(...sparkCell(value, column, timeZone));
    else cell.append(field.config.noValue ?? '');
    return cell;
  }
  const shown = column.display(value);
  const { type, mode, valueDisplayMode } = style.cellOptions;
  const text = make('span', 'viz-cell-text', shown.text);
  if (type === 'gauge' && typeof value === 'number') {
    const bar = barOf({ displayMode: mode, showUnfilled: true }, { shown, field, value });
    if (valueDisplayMode === 'color' && shown.textColour) text.style.color = shown.textColour;
    cell.append(make('span', 'viz-cell-gauge', bar, ...(valueDisplayMode === 'hidden' ? [] : [text])));
    return cell;
  }
  if (type === 'color-text' && shown.textColour) text.style.color = shown.textColour;
  if (type === 'color-background' && shown.colour) {
    cell.classList.add('filled');
    if (shown.textColour !== shown.colour) cell.classList.add('pale');
    cell.style.setProperty('--fill', shown.colour);
  }
  cell.append(valueLink(text, field, host, { frame, row }));
  return cell;
}

/** The colour of the whole row, where a column gives it one. */
export function rowColour(columns: readonly Column[], row: number): string | undefined {
  const column = columns.find(
    ({ style: { cellOptions } }) => cellOptions.type === 'color-background' && cellOptions.applyToRow,
  );
  const value = column?.field.values[row] ?? null;
  return column === undefined || typeof value === 'object' ? undefined : column.display(value).colour;
}

/** The line of a time series, and its last value. */
function sparkCell(series: Frame, { field, style }: Column, timeZone: string): HTMLElement[] {
  const numbers = seriesOf(series);
  const times = timeField(series)?.values ?? [];
  if (!numbers) return [];
  const points = times.flatMap((timeMs, row) =>
    timeMs === null ? [] : [{ timeMs, value: numbers.values[row] ?? null }],
  );
  // The line has the settings of its column, and not those of the series that it was made of.
  const own = { ...numbers, config: field.config };
  const svg = drawSparkline(points, { colour: fieldColour(own, 0, 'thresholds'), stepMs: series.stepMs });
  const display = displayOf(own, { usual: 'thresholds', index: 0, timeZone });
  const last = display(reduced(numbers.values, 'lastNotNull')).text;
  const box = make(
    'span',
    'viz-cell-spark',
    make('span', style.cellOptions.hideValue ? 'visually-hidden' : 'viz-cell-text', last),
  );
  box.prepend(svg);
  return [box];
}

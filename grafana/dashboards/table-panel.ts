import { TableCellDisplayMode, TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { described, thresholdsConfig } from './panel.ts';
import type { PanelText, Thresholds } from './panel.ts';
import { nowAsTable, over } from './queries.ts';

/** A number of each row; its query gives one value by the table's label, and no other label. */
export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  /** Colours the number. @default the colour of text */
  readonly thresholds?: Thresholds;
  /** The colour below the first threshold. @default green */
  readonly below?: 'green' | 'yellow' | 'red';
}

interface TableText extends PanelText {
  /** The label that a row stands for, its title, and where its cell leads: may hold `${__data.fields.Title}`. */
  readonly row: { readonly label: string; readonly title: string; readonly url: string };
  /** What the line in each row shows, over the time range. */
  readonly trend: { readonly title: string; readonly expr: string };
  /** By which column it is sorted at first, the greatest first. */
  readonly sortBy: string;
}

/** A row for each value of a label: a line over time, and a column for each query. */
export function table(text: TableText, columns: readonly TableColumn[]): PanelBuilder {
  const { row, trend, sortBy } = text;
  const queries = [over(trend.expr).interval('1m'), ...columns.map(({ expr }) => nowAsTable(expr))];
  const names: Readonly<Record<string, string>> = {
    [row.label]: row.title,
    'Trend #A': trend.title,
    ...Object.fromEntries(columns.map(({ title }, index) => [`Value #${refIdOf(index + 1)}`, title])),
  };
  const panel = described(new PanelBuilder(), text, queries)
    .maxDataPoints(TREND_POINTS)
    .withTransformation({ id: 'timeSeriesTable', options: {} })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(Object.keys(names).map((name, index) => [name, index])),
        renameByName: names,
      },
    })
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(true)])
    .noValue('–')
    .overrideByName(row.title, [{ id: 'links', value: [{ title: row.title, url: row.url }] }])
    .overrideByName(trend.title, [
      { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Sparkline, hideValue: true } },
      { id: 'custom.width', value: 160 },
    ]);
  for (const column of columns) panel.overrideByName(column.title, styleOf(column));
  return panel;
}

/** As wide as a line in a table is in pixels. */
const TREND_POINTS = 120;

function styleOf({ unit, decimals, thresholds, below }: TableColumn): DynamicConfigValue[] {
  return [
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(thresholds
      ? [
          { id: 'thresholds', value: thresholdsConfig(thresholds, below).build() },
          { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
        ]
      : []),
  ];
}

function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

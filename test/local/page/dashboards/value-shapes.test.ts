import { expect, test } from 'vitest';
import { candlesOf, candlestickOptions } from '#local/page/browser/dashboards/candle-shape.ts';
import { gaugeCells, gaugeFill } from '#local/page/browser/dashboards/gauge-shape.ts';
import { bigValues, reduceOptions } from '#local/page/browser/dashboards/reduced-values.ts';
import { sparkRuns } from '#local/page/browser/dashboards/spark-runs.ts';
import {
  columnsOf,
  footerOf,
  nextSort,
  sortedRows,
  tableOptions,
} from '#local/page/browser/dashboards/table-shape.ts';
import { MINUTE_MS, numbers, panelData, series, START_MS, table, texts, times } from './panel-frames.ts';

const FIELDS = { open: 'Value #A', high: 'Value #B', low: 'Value #C', close: 'Value #D', volume: 'Value #E' };
const joined = table(
  times([0, 1, 2, 3]),
  numbers('Value #A', [10, 12, null, 11]),
  numbers('Value #B', [13, 14, 15, 11]),
  numbers('Value #C', [9, 10, 11, 11]),
  numbers('Value #D', [12, 11, 12, 11]),
  numbers('Value #E', [5, null, 7, 0]),
);

test('a row is a candle when it has all four prices, with or without a volume', () => {
  const { candles } = candlesOf(candlestickOptions.parse({ fields: FIELDS }), [joined]);
  expect(candles).toEqual([
    { timeMs: START_MS, open: 10, high: 13, low: 9, close: 12, volume: 5, direction: 'up' },
    { timeMs: START_MS + MINUTE_MS, open: 12, high: 14, low: 10, close: 11, volume: null, direction: 'down' },
    {
      timeMs: START_MS + 3 * MINUTE_MS,
      open: 11,
      high: 11,
      low: 11,
      close: 11,
      volume: 0,
      direction: 'flat',
    },
  ]);
  const byClose = candlesOf(candlestickOptions.parse({ fields: FIELDS, colorStrategy: 'close-close' }), [
    joined,
  ]);
  expect(byClose.candles.map(({ direction }) => direction)).toEqual(['up', 'down', 'flat']);
});

test('time series that were not joined are an error that tells their names', () => {
  expect(() => candlesOf(candlestickOptions.parse({ fields: FIELDS }), [series('a', [1])])).toThrow(
    /got Time, a: join the queries by Time/u,
  );
});

test('a number for each series, by the calculation; or one for each row', () => {
  const data = panelData(series('a', [1, 3, null]), series('b', [5], { unit: 'percent' }));
  const options = reduceOptions.parse({ calcs: ['lastNotNull'] });
  expect(bigValues(options, data).map(({ name, shown }) => [name, shown.text])).toEqual([
    ['a', '3'],
    ['b', '5%'],
  ]);
  const rows = panelData(
    table(texts('symbol', ['BTC', 'ETH']), numbers('Value', [0.5, 0.25], { unit: 'percentunit' })),
  );
  expect(
    bigValues(reduceOptions.parse({ values: true }), rows).map(({ name, shown }) => [name, shown.text]),
  ).toEqual([
    ['BTC', '50%'],
    ['ETH', '25%'],
  ]);
  expect(bigValues(reduceOptions.parse({ values: true, limit: 1 }), rows)).toHaveLength(1);
});

test('nothing is what the panel says of it, and no zero', () => {
  const [value] = bigValues(reduceOptions.parse({}), panelData(series('a', [null], { noValue: 'silent' })));
  expect(value?.shown).toMatchObject({ text: 'silent', colour: undefined });
});

test('a sparkline breaks at a hole', () => {
  const points = [0, 1, 2, 5, 6].map((minute) => ({ timeMs: minute * MINUTE_MS, value: minute }));
  const runs = sparkRuns(points, { width: 60, height: 12, stepMs: MINUTE_MS });
  expect(runs.map((run) => run.map(({ x, y }) => [x, y]))).toEqual([
    [
      [0, 12],
      [10, 10],
      [20, 8],
    ],
    [
      [50, 2],
      [60, 0],
    ],
  ]);
});

test('a gauge lights what lies below its value', () => {
  expect(gaugeCells(0.5, 4)).toEqual([true, true, false, false]);
  expect([0, 1].map((share) => gaugeCells(share, 3).filter(Boolean).length)).toEqual([0, 3]);
  const passed = gaugeFill('gradient', 'red', 0.4, (share) => `at-${share.toFixed(1)}`);
  expect(passed).toBe(
    'linear-gradient(to right, at-0.0 0%, at-0.1 25%, at-0.2 50%, at-0.3 75%, at-0.4 100%)',
  );
});

const movers = table(
  texts('Symbol', ['BTC', 'A10', 'A9', 'ETH']),
  numbers('Change', [0.5, null, -0.5, 0.25], { unit: 'percentunit' }),
  numbers('Secret', [1, 2, 3, 4], { custom: { hidden: true } }),
);

test('rows are sorted by number or by name, those without a value last both ways', () => {
  const { columns } = columnsOf(tableOptions.parse({}), panelData(movers));
  expect(columns.map(({ name, align }) => [name, align])).toEqual([
    ['Symbol', 'left'],
    ['Change', 'right'],
  ]);
  const order = (name: string, desc: boolean) => sortedRows(4, columns, { name, desc });
  expect(order('Change', false)).toEqual([2, 3, 0, 1]);
  expect(order('Change', true)).toEqual([0, 3, 2, 1]);
  expect(order('Symbol', false)).toEqual([2, 1, 0, 3]);
  expect(sortedRows(4, columns, undefined)).toEqual([0, 1, 2, 3]);
});

test('presses on a name go round: rising, falling, as it came', () => {
  const rising = nextSort(undefined, 'a');
  expect([rising, nextSort(rising, 'a'), nextSort({ name: 'a', desc: true }, 'a')]).toEqual([
    { name: 'a', desc: false },
    { name: 'a', desc: true },
    undefined,
  ]);
  expect(nextSort({ name: 'a', desc: true }, 'b')).toEqual({ name: 'b', desc: false });
});

test('the footer calculates under the columns that it names', () => {
  expect(footer({ reducer: ['max'] })).toEqual(['Max', '50%']);
  expect(footer({ reducer: ['count'], countRows: true })).toEqual(['Count: 4', '']);
  expect(footer({ reducer: ['sum'], fields: ['Symbol'] })).toEqual(['Total', '']);
  expect(footer({ show: false })).toBe(undefined);
});

function footer(options: object) {
  const parsed = tableOptions.parse({ footer: { show: true, ...options } });
  const { frame, columns } = columnsOf(parsed, panelData(movers));
  return footerOf(parsed, frame, columns);
}

import { expect, test } from 'vitest';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLES } from '#grafana/dashboards/candle-queries.ts';
import { filledIn, promtool, readDashboards } from './panel-promql.ts';

test('promtool reads every query of every panel and annotation', async () => {
  const queries = [...readDashboards().values()].flatMap(({ panels, annotations }) => {
    expect(annotations.list.length).toBeGreaterThan(2);
    return [...panels.flatMap(({ targets }) => targets), ...annotations.list];
  });
  expect(queries.length).toBeGreaterThan(100);
  const rules = queries.map(({ expr }, index) => ({ record: `query:${index}`, expr: filledIn(expr, 1) }));
  const checked = await promtool('check', { groups: [{ name: 'dashboards', rules }] });
  expect(checked).toContain(`${queries.length} rules found`);
});

test('a candle of a minute is the one that came; one of five opens where the one before closed', async () => {
  // a candle each minute, which opens at 10, 20, … and closes at 15, 25, …
  const series = {
    [CANDLE_METRICS.open]: '10+10x20',
    [CANDLE_METRICS.high]: '18+10x20',
    [CANDLE_METRICS.low]: '8+10x20',
    [CANDLE_METRICS.close]: '15+10x20',
    [CANDLE_METRICS.baseVolume]: '1+1x20',
  };
  // that of minute 10 is the eleventh: a second later it is the newest
  const expected = {
    1: { open: 110, high: 118, low: 108, close: 115, volume: 11 },
    5: { open: 65, high: 118, low: 68, close: 115, volume: 7 + 8 + 9 + 10 + 11 },
  };
  const tests = {
    interval: '1m',
    input_series: Object.entries(series).map(([metric, values]) => ({
      series: `${metric}{symbol="BTCUSDT"}`,
      values,
    })),
    promql_expr_test: Object.entries(expected).flatMap(([minutes, values]) =>
      Object.entries(CANDLES).map(([name, expr]) => ({
        expr: filledIn(expr, Number(minutes)),
        eval_time: '601s',
        // a candle's fields are those of its queries
        exp_samples: [{ labels: '{}', value: values[name as keyof typeof values] }],
      })),
    ),
  };
  expect(tests.promql_expr_test).toHaveLength(10);
  expect(await promtool('test', { rule_files: [], tests: [tests] })).toContain('SUCCESS');
});

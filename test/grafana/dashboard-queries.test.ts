import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import * as z from 'zod';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { CANDLES } from '#grafana/dashboards/candle-queries.ts';
import { dashboardFiles } from '#grafana/dashboards/dashboard-files.ts';
import { prometheusPath } from '#local/setup/prometheus.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const PANELS = z.object({
  panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })).default([]) })),
});

test('promtool reads every query of every dashboard', async () => {
  const queries = Object.values(dashboardFiles()).flatMap((text) =>
    PANELS.parse(JSON.parse(text)).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  );
  expect(queries.length).toBeGreaterThan(20);
  const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr: filledIn(expr, 1) }));
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

/** As Grafana asks it, for steps of so many minutes. */
function filledIn(expr: string, minutes: number): string {
  return expr
    .replaceAll('$__interval_ms', String(minutes * 60_000))
    .replaceAll('$__from', '0')
    .replaceAll('$window', 'today')
    .replaceAll('$__rate_interval', '2m')
    .replaceAll('$__interval', `${minutes}m`)
    .replaceAll('$symbol', 'BTCUSDT');
}

async function promtool(command: 'check' | 'test', content: unknown): Promise<string> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'queries.yaml');
  writeFileSync(file, stringify(content));
  return execFileSync(await prometheusPath('promtool'), [command, 'rules', file], { encoding: 'utf8' });
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { ASSUMPTIONS, DEFAULT_ASSUMPTIONS } from '#deploy/cost-assumptions.ts';
import { costLines } from '#deploy/cost-lines.ts';
import { AIRFLOW_CLASSES, BROKERS, PRICES, PRICES_AS_OF } from '#deploy/prices.ts';
import { BROKER_TYPES } from '#lib/stage/check-stream.ts';
import type { StageSettings } from '#lib/stage/stage.ts';
import { STAGES } from '#lib/stages.ts';

vi.setConfig({ testTimeout: 60_000 });

const ROOT = join(import.meta.dirname, '../..');

test.each(Object.entries(STAGES))(
  'the budget of %s has room for what it is likely to cost',
  (_name, stage) => {
    const lines = costLines(stage, DEFAULT_ASSUMPTIONS).filter(({ group }) => group !== 'snowflake');

    expect(lines.length).toBeGreaterThan(15);
    expect(sum(lines)).toBeGreaterThan(100);
    expect(sum(lines) * 1.1).toBeLessThan(stage.operations.monthlyBudgetUsd);
  },
);

test('a line is its quantity at its price in the region', () => {
  const [brokers] = costLines(changed({ region: 'us-east-1' }), DEFAULT_ASSUMPTIONS);

  expect(brokers).toMatchObject({
    group: 'stream',
    what: '2 brokers kafka.t3.small',
    quantity: 1460,
    per: 'broker-hour',
  });
  expect(brokers?.monthlyUsd).toBeCloseTo(2 * 730 * 0.0456, 6);
});

test('what the stage has more of costs more, in the line that it belongs to', () => {
  const dev = byWhat(changed({}));
  const symbols = byWhat(changed({ exporter: { ...devSettings().exporter, symbols: 'top:200' } }));
  const pollers = byWhat(
    changed({
      metrics: {
        ...devSettings().metrics,
        consumer: { ...devSettings().metrics.consumer, pollers: { minimum: 2, maximum: 2 } },
      },
    }),
  );
  const endpoints = byWhat(changed({ network: { ...devSettings().network, hasInterfaceEndpoints: true } }));
  const workers = byWhat(
    changed({
      batch: {
        ...devSettings().batch,
        environmentClass: 'mw1.small',
        schedulers: 3,
        minimumWorkers: 2,
        webServers: { minimum: 2, maximum: 2 },
      },
    }),
  );

  expect(dev.get('samples of 20 symbols, and health')).toBeCloseTo(((20 * 22 + 300) * 43_800 * 0.9) / 1e7, 6);
  expect(symbols.get('samples of 200 symbols, and health')).toBeCloseTo(
    ((200 * 22 + 300) * 43_800 * 0.9) / 1e7,
    6,
  );
  expect(dev.has('2 event pollers')).toBe(false);
  expect(pollers.get('2 event pollers')).toBeCloseTo(2 * 730 * 0.185 * 1.25, 6);
  expect(dev.has('16 interface endpoints')).toBe(false);
  expect(endpoints.get('16 interface endpoints')).toBeCloseTo(16 * 730 * 0.01 * 1.25, 6);
  expect(workers.get('2 more workers, schedulers, web servers')).toBeCloseTo(2 * 730 * 0.055 * 1.25, 6);
});

test('express brokers pay for what is kept and written, not for volumes', () => {
  const prod = STAGES['prod'];
  if (prod === undefined) throw new Error('expected a stage prod');
  const lines = costLines(
    {
      ...prod,
      stream: { ...prod.stream, brokers: { family: 'express', instanceType: 'express.m7g.large' } },
    },
    DEFAULT_ASSUMPTIONS,
  ).map(({ what }) => what);

  expect(lines).toEqual(
    expect.arrayContaining(['3 brokers express.m7g.large', 'what they keep', 'what is written']),
  );
  expect(lines).not.toContain('their volumes');
});

test('every broker type and environment class that a stage may have has a price, and every price its page', () => {
  expect(Object.keys(BROKERS).toSorted()).toEqual(
    [...BROKER_TYPES.standard, ...BROKER_TYPES.express].toSorted(),
  );
  const prices = [
    ...Object.values(PRICES),
    ...Object.values(BROKERS),
    ...Object.values(AIRFLOW_CLASSES).map(({ environment }) => environment),
  ];

  expect(prices.length).toBeGreaterThan(40);
  for (const { usd, per, source } of prices) {
    expect(usd).toBeGreaterThan(0);
    expect(per).not.toBe('');
    expect(source).toMatch(/^https:\/\//);
  }
  expect(PRICES_AS_OF).toMatch(/^\d{4}-\d\d-\d\d$/);
});

test('a region without prices is named', () => {
  expect(() => costLines(changed({ region: 'eu-north-1' }), DEFAULT_ASSUMPTIONS)).toThrow(
    /^region: expected one with a price in deploy\/prices\.ts \(us-east-1, .*\), got eu-north-1/,
  );
});

test('the command prints a table whose sum is that of its lines, and says what it stands on', async () => {
  const table = await cost('--stage', 'dev', '--viewers', '7', '--snowflake-credits', '0');
  const json = reportSchema.parse(
    JSON.parse(await cost('--stage', 'dev', '--viewers', '7', '--snowflake-credits', '0', '--json')),
  );

  expect(json.totalUsd).toBeCloseTo(sum(json.lines), 6);
  expect(json.totalUsd).toBeCloseTo(json.awsUsd + json.snowflakeUsd, 6);
  expect(json).toMatchObject({ stage: 'dev', isEstimate: true, pricesAsOf: PRICES_AS_OF });
  expect(json.lines.find(({ what }) => what === 'Grafana: viewers')?.monthlyUsd).toBe(35);
  expect(json.lines.some(({ what }) => what === 'credits')).toBe(false);
  expect(table).toContain(`  ${json.totalUsd.toFixed(2)}\n`);
  expect(table).toContain('Prices are estimates: list prices of us-east-1 as of ');
  for (const { option } of Object.values(ASSUMPTIONS)) expect(table).toContain(`\n  --${option} `);
});

test('the command refuses an amount that is none', async () => {
  await expect(cost('--stage', 'dev', '--gb-out', 'many')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('expected a number of 0 or more, got many'),
  });
});

const reportSchema = z.looseObject({
  lines: z.array(z.object({ what: z.string(), monthlyUsd: z.number() })).min(15),
  awsUsd: z.number(),
  snowflakeUsd: z.number(),
  totalUsd: z.number(),
});

async function cost(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'deploy/cost.ts'), ...args]);
  return stdout;
}

function devSettings(): StageSettings {
  const dev = STAGES['dev'];
  if (dev === undefined) throw new Error('expected a stage dev');
  return dev;
}

function changed(changes: Partial<StageSettings>): StageSettings {
  return { ...devSettings(), ...changes };
}

function byWhat(stage: StageSettings): ReadonlyMap<string, number> {
  return new Map(costLines(stage, DEFAULT_ASSUMPTIONS).map(({ what, monthlyUsd }) => [what, monthlyUsd]));
}

function sum(lines: readonly { readonly monthlyUsd: number }[]): number {
  return lines.reduce((total, { monthlyUsd }) => total + monthlyUsd, 0);
}

import type { Stage } from '#lib/stage/stage.ts';
import { ASSUMPTIONS } from './cost-assumptions.ts';
import type { Assumptions } from './cost-assumptions.ts';
import type { CostLine } from './cost-lines.ts';
import { costLines } from './cost-lines.ts';
import { PRICES_AS_OF, PRICES_REGION, REGION_FACTORS } from './prices.ts';

export interface CostReport {
  readonly stage: string;
  readonly region: string;
  readonly isEstimate: true;
  readonly pricesAsOf: string;
  /** Prices that differ by region are those of the first, times the factor. */
  readonly pricesOf: { readonly region: string; readonly factor: number };
  readonly assumptions: Assumptions;
  readonly lines: readonly CostLine[];
  readonly awsUsd: number;
  readonly snowflakeUsd: number;
  readonly totalUsd: number;
  readonly monthlyBudgetUsd: number;
}

/** What a month of the stage is likely to cost. */
export function costReport(
  stage: Pick<Stage, 'name'> & Parameters<typeof costLines>[0],
  assumptions: Assumptions,
): CostReport {
  const lines = costLines(stage, assumptions);
  const awsUsd = totalOf(lines.filter(({ group }) => group !== 'snowflake'));
  const snowflakeUsd = totalOf(lines.filter(({ group }) => group === 'snowflake'));
  return {
    stage: stage.name,
    region: stage.region,
    isEstimate: true,
    pricesAsOf: PRICES_AS_OF,
    pricesOf: { region: PRICES_REGION, factor: REGION_FACTORS[stage.region] ?? 1 },
    assumptions,
    lines,
    awsUsd,
    snowflakeUsd,
    totalUsd: awsUsd + snowflakeUsd,
    monthlyBudgetUsd: stage.operations.monthlyBudgetUsd,
  };
}

const totalOf = (lines: readonly CostLine[]) =>
  lines.reduce((total, { monthlyUsd }) => total + monthlyUsd, 0);

/** Lines of text: the table, its sums, and what it stands on. */
export function formatReport(report: CostReport): string {
  const rows = report.lines.map(({ group, what, quantity, per, unitUsd, monthlyUsd }) => [
    group,
    what,
    `${amount(quantity)} ${per}`,
    unitUsd.toPrecision(3),
    usd(monthlyUsd),
  ]);
  const heads = ['group', 'what', 'a month', 'USD each', 'USD'];
  const sums = [
    ['AWS', usd(report.awsUsd)],
    ['Snowflake, which bills by itself', usd(report.snowflakeUsd)],
    ['total', usd(report.totalUsd)],
  ].map(([what = '', sum = '']) => ['', what, '', '', sum]);
  const { region, factor } = report.pricesOf;
  return [
    `stage ${report.stage} in ${report.region}, a month, estimated`,
    '',
    ...aligned([heads, ...rows, ...sums], [3, 4]),
    '',
    `The stage's budget is ${usd(report.monthlyBudgetUsd)} USD of AWS: alarms come before it is spent.`,
    `Prices are estimates: list prices of ${region} as of ${report.pricesAsOf}` +
      (factor === 1 ? '' : `, times ${factor} for ${report.region} where they differ by region`) +
      '. deploy/prices.ts has each with its page.',
    'Not in it: taxes, support, free tiers, reserved prices, autoscaling above the minimum.',
    '',
    'Assumed:',
    ...aligned(
      Object.entries(ASSUMPTIONS).map(([name, { option, meaning }]) => [
        // the same names
        `  --${option} ${report.assumptions[name as keyof Assumptions]}`,
        meaning,
      ]),
      [],
    ),
  ].join('\n');
}

function aligned(rows: readonly (readonly string[])[], rightColumns: readonly number[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) =>
        rightColumns.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const usd = (value: number) => value.toFixed(2);

const amount = (value: number) =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });

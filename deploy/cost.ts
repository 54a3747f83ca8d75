import { Command, InvalidArgumentError } from 'commander';
import { StageError, stageOf } from '#lib/stage/stage-of.ts';
import { STAGES } from '#lib/stages.ts';
import { ASSUMPTIONS } from './cost-assumptions.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { costReport, formatReport } from './cost-report.ts';

const program = new Command('npm run cost --')
  .description(
    'What a month of a stage is likely to cost, from lib/stages.ts and the prices of deploy/prices.ts.',
  )
  .requiredOption('--stage <name>', `one of ${Object.keys(STAGES).join(', ')}`)
  .option('--json', 'print the report as JSON')
  .addHelpText('after', '\n  npm run cost -- --stage prod --viewers 20')
  .allowExcessArguments(false);
for (const { option, meaning, value } of Object.values(ASSUMPTIONS)) {
  program.option(`--${option} <number>`, meaning, amount, value);
}
program.parse();

try {
  const {
    stage: name,
    json,
    ...assumptions
  } = program.opts<{ readonly stage: string; readonly json?: true } & Assumptions>();
  // the accounts do not change the price
  const stage = stageOf({ stage: name, account: '000000000000', snowflakeAccount: 'ORG-ACCOUNT' });
  const report = costReport(stage, assumptions);
  console.log(json ? JSON.stringify(report, undefined, 2) : formatReport(report));
} catch (error) {
  if (!(error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError(`expected a number of 0 or more, got ${text}`);
  }
  return value;
}

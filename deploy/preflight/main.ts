import { Command, Option } from 'commander';
import { EnvironmentError } from '#domain/environment.ts';
import { parseEnvironment as parseLoader } from '#fargate/archive-loader/env.ts';
import { parseEnvironment as parseExporter } from '#fargate/ohlc-exporter/env.ts';
import { StageError, stageOf } from '#lib/stage/stage-of.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { STAGES } from '#lib/stages.ts';
import { runChecks } from './checks.ts';
import type { Surroundings } from './checks.ts';
import { exitCodeOf, formatFindings } from './report.ts';

interface Given {
  readonly stage: string;
  readonly account: string;
  readonly snowflakeAccount: string;
  readonly identityCenterRegion?: string;
  readonly json?: true;
}

const program = new Command('npm run preflight --')
  .description('Looks for what a deployment trips over, before it does. Changes nothing.')
  .requiredOption('--stage <name>', `one of ${Object.keys(STAGES).join(', ')}`)
  .addOption(
    new Option('--account <digits>', 'the AWS account to deploy to')
      .env('CDK_DEFAULT_ACCOUNT')
      .makeOptionMandatory(),
  )
  .requiredOption('--snowflake-account <name>', 'ORGANIZATION-ACCOUNT')
  .option('--identity-center-region <region>', "where Identity Center is (default: the stage's region)")
  .option('--json', 'print the findings as JSON')
  .addHelpText(
    'after',
    `
Ends in 0 where all is well, 1 where something is to be put right, 2 where something could not be found out.
Uses the credentials that the AWS CLI would, as of AWS_PROFILE.

  npm run preflight -- --stage dev --account 123456789012 --snowflake-account ORG-ACCOUNT`,
  )
  .allowExcessArguments(false)
  .parse();

try {
  const { identityCenterRegion, json, ...context } = program.opts<Given>();
  const stage = stageOf({ ...context });
  const findings = await runChecks(stage, surroundingsOf(stage, identityCenterRegion));
  console.log(json ? JSON.stringify(findings, undefined, 2) : formatFindings(findings));
  process.exitCode = exitCodeOf(findings);
} catch (error) {
  if (!(error instanceof StageError) && !(error instanceof EnvironmentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** The addresses that the deployed programs would use, unless their own variables name others. */
function surroundingsOf(stage: Stage, identityCenterRegion = stage.region): Surroundings {
  const account = stage.snowflakeAccount;
  const { webSocketUrls, restUrls } = parseExporter({
    ...only('BINANCE_WS_URLS', 'BINANCE_REST_URLS'),
    KAFKA_BROKERS: 'none:0',
  });
  const { archiveUrl, warehouse } = parseLoader({
    ...only('ARCHIVE_URL', 'SNOWFLAKE_HOST', 'SNOWFLAKE_PORT', 'SNOWFLAKE_PROTOCOL'),
    SNOWFLAKE_ACCOUNT: account,
    SNOWFLAKE_USER: 'from-the-secret',
    SNOWFLAKE_ROLE: 'from_the_secret',
    SNOWFLAKE_PRIVATE_KEY: 'from the secret',
  });
  const { host, port, protocol } = warehouse;
  return {
    identityCenterRegion,
    exchange: { restUrls, webSocketUrls, archiveUrl },
    snowflake: { host, port, protocol },
    docker: process.env['CDK_DOCKER'],
  };
}

function only(...names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

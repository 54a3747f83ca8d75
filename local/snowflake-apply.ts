import { Command } from 'commander';
import { EnvironmentError } from '#domain/environment.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import { setupStatements } from '#snowflake/setup-statements.ts';
import { parseSetupEnvironment } from './snowflake/setup-environment.ts';

const program = new Command('npm run snowflake:apply --')
  .description(
    'Sets a Snowflake account up: runs the numbered SQL of snowflake/. A second run changes nothing.',
  )
  .option('--dry-run', 'print the statements, and send none')
  .addHelpText(
    'after',
    `
Environment: SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER (one that has ACCOUNTADMIN), SNOWFLAKE_PRIVATE_KEY or
SNOWFLAKE_PRIVATE_KEY_SECRET_ARN, and the public keys of the service users: SNOWFLAKE_LOADER_PUBLIC_KEY,
SNOWFLAKE_TRANSFORMER_PUBLIC_KEY, SNOWFLAKE_READER_PUBLIC_KEY (each with a second one in ..._2 while keys are
rotated: snowflake/README.md). \`npm start\` does the same for its emulator by itself.`,
  )
  .allowExcessArguments(false)
  .parse();

try {
  if (program.opts<{ readonly dryRun?: true }>().dryRun) await printStatements();
  else await apply();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function apply(): Promise<void> {
  const { settings, publicKeys } = parseSetupEnvironment(process.env);
  await using warehouse = await connectWarehouse(settings);
  console.log(`${settings.protocol}://${settings.host}:${settings.port} as ${settings.user}`);
  const { statements, milliseconds } = await applySnowflakeSetup(warehouse, {
    publicKeys,
    say: (line) => console.log(line),
  });
  console.log(`${statements} statements in ${milliseconds} ms`);
}

/** Also without an account: then with the names of the keys in place of the keys. */
async function printStatements(): Promise<void> {
  const found = readEnvironment();
  const statements = await setupStatements(found instanceof EnvironmentError ? undefined : found.publicKeys);
  for (const { file, line, sql } of statements) console.log(`-- ${file}:${line}\n${sql};\n`);
  console.log(`-- ${statements.length} statements, none was sent`);
  if (found instanceof EnvironmentError) {
    console.error(`to send them, set\n${found.message}`);
  } else {
    const { protocol, host, port, user } = found.settings;
    console.error(`they would go to ${protocol}://${host}:${port} as ${user}`);
  }
}

function readEnvironment(): ReturnType<typeof parseSetupEnvironment> | EnvironmentError {
  try {
    return parseSetupEnvironment(process.env);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
}

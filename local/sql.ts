import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { splitStatements } from '#snowflake/split-statements.ts';
import { LOCAL_FOLDER } from './setup/folders.ts';
import { connectAs } from './snowflake/connect-as.ts';
import { findWarehouse } from './snowflake/find-warehouse.ts';
import { formatResult } from './snowflake/format-result.ts';
import type { Format } from './snowflake/format-result.ts';

interface Given {
  readonly data: string;
  readonly role: 'reader' | 'transformer' | 'loader';
  readonly json?: true;
  readonly csv?: true;
}

const program = new Command('npm run sql --')
  .description("Asks the running pipeline's warehouse, a Snowflake emulator on DuckDB, in Snowflake's SQL.")
  .argument('[sql]', 'statements, run one by one in one session; `-` or nothing reads them from stdin')
  .addOption(
    new Option('--role <role>', 'whose rights to use')
      .choices(['reader', 'transformer', 'loader'])
      .default('reader'),
  )
  .addOption(new Option('--json', 'print the rows of one statement as JSON').conflicts('csv'))
  .option('--csv', 'print the rows of one statement as CSV')
  .option('--data <folder>', "the run's --data", (path) => resolve(path), LOCAL_FOLDER)
  .addHelpText('after', '\n  npm run sql -- "select * from marts.mart_data_quality"')
  .allowExcessArguments(false)
  .parse();

try {
  const given = program.opts<Given>();
  const format = given.json ? 'json' : given.csv ? 'csv' : 'table';
  await runStatements(await readSql(program.args[0]), format, given);
} catch (error) {
  console.error(oneLine(error));
  process.exitCode = 1;
}

async function readSql(argument: string | undefined): Promise<string> {
  if (argument !== undefined && argument !== '-') return argument;
  if (process.stdin.isTTY) console.error('reading SQL from the keyboard, to the end of input (Ctrl-D)');
  return text(process.stdin);
}

async function runStatements(sql: string, format: Format, { data, role }: Given): Promise<void> {
  const statements = splitStatements(sql);
  if (statements.length === 0)
    throw new Error('expected a statement, got none: as in `npm run sql -- "select 1"`');
  if (format !== 'table' && statements.length > 1) {
    throw new Error(`expected one statement for --${format}, got ${statements.length}`);
  }
  await using warehouse = await connectAs(findWarehouse(data), role);
  for (const statement of statements) {
    // oxlint-disable-next-line no-await-in-loop -- each may stand on the one before it
    const result = await warehouse.query(statement.sql);
    console.log(formatResult(result, format));
  }
}

function oneLine(error: unknown): string {
  const message =
    error instanceof Error && 'reason' in error
      ? String(error.reason)
      : error instanceof Error
        ? error.message
        : String(error);
  return message.replaceAll(/\s*\n\s*/g, ' ');
}

import type Sdk from 'snowflake-sdk';
import type { Connection, RowStatement, SnowflakeError } from 'snowflake-sdk';
import { readPrivateKey } from './private-key.ts';
import { columnReader } from './row-values.ts';
import type { Row } from './row-values.ts';
import type { WarehouseSettings } from './settings.ts';

export type { Row, Value } from './row-values.ts';

type Bind = string | number | boolean | null;

export interface Warehouse extends AsyncDisposable {
  /**
   * Runs one statement; `?` stands for a bind, and a list of lists runs an INSERT for each at once. Columns are in capitals
   * unless they were quoted; of two columns with one name the second is `NAME_2`. While the warehouse is away the SDK sends
   * it again, for some two minutes. Throws a StatementError.
   */
  execute(sql: string, binds?: readonly Bind[] | readonly (readonly Bind[])[]): Promise<Row[]>;
}

export interface Result {
  /** As the statement has them, also without a row. */
  readonly columns: readonly { readonly name: string; readonly isNumber: boolean }[];
  readonly rows: readonly Row[];
}

export interface ConnectedWarehouse extends Warehouse {
  /** As `execute`, with the columns. */
  query(sql: string, binds?: readonly Bind[]): Promise<Result>;
}

/** The warehouse refused a statement. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** The warehouse's own words. */
  readonly reason: string;
  /** Snowflake's number of the error, as 002003 for an object that is not there or not allowed. */
  readonly code: string | undefined;
  readonly sqlState: string | undefined;

  constructor(where: string, sql: string, cause: SnowflakeError) {
    const code = cause.code === undefined ? undefined : String(cause.code).padStart(6, '0');
    super(`expected ${where} to run \`${shortened(sql)}\`, got: ${cause.message.trim()}`, { cause });
    this.reason = cause.message.trim();
    this.code = code;
    this.sqlState = cause.sqlState;
  }
}

/** The SDK waits 1, 2, 4 … seconds between them, with jitter: about ten in all. Whoever needs longer runs again later. */
const LOGIN_RETRIES = 3;

/** Logs in with the key pair; throws an error that names the address, the user and the role. */
export async function connectWarehouse(
  settings: WarehouseSettings,
  { loginRetries = LOGIN_RETRIES }: { readonly loginRetries?: number } = {},
): Promise<ConnectedWarehouse> {
  const { account, host, port, protocol, user, role, warehouse, database } = settings;
  const where = `the warehouse at ${protocol}://${host}:${port} (user ${user}, role ${role})`;
  const privateKey = await readPrivateKey(settings.privateKey);
  const sdk = await loadSdk();
  const connection = sdk.createConnection({
    account,
    accessUrl: `${protocol}://${host}:${port}`,
    username: user,
    authenticator: 'SNOWFLAKE_JWT',
    privateKey,
    role,
    ...(warehouse === undefined ? {} : { warehouse }),
    ...(database === undefined ? {} : { database }),
    application: 'CryptoMarketPipeline',
    rowMode: 'object_with_renamed_duplicated_columns',
    // Doubles would lose digits of prices, and parsed JSON would lose those inside of VARIANT.
    fetchAsString: ['Number', 'JSON'],
    representNullAsStringNull: false,
    sfRetryMaxLoginRetries: loginRetries,
  });
  try {
    // connectAsync of the SDK also resolves when it could not connect
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw new Error(
      `expected to log in to ${where}, got: ${messageOf(error)}; check SNOWFLAKE_HOST, SNOWFLAKE_USER, SNOWFLAKE_ROLE and ` +
        "that the user's RSA_PUBLIC_KEY belongs to the private key",
      { cause: error },
    );
  }
  const query = (sql: string, binds: Parameters<Warehouse['execute']>[1] = []) =>
    run(connection, where, sql, binds);
  return {
    query,
    execute: async (sql, binds) => [...(await query(sql, binds)).rows],
    [Symbol.asyncDispose]: () => close(connection),
  };
}

/**
 * Loaded when the first connection is made: it takes most of a second, and asks the network which cloud it runs in unless
 * told not to.
 */
async function loadSdk(): Promise<typeof Sdk> {
  process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] ??= 'true';
  const { default: sdk } = await import('snowflake-sdk');
  // Its own logger writes a file into the current folder.
  sdk.configure({ logLevel: 'OFF', customLogger: SILENT });
  return sdk;
}

const SILENT = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  trace: () => undefined,
};

async function run(
  connection: Connection,
  where: string,
  sql: string,
  binds: Parameters<Warehouse['execute']>[1] = [],
): Promise<Result> {
  const { statement, rows } = await new Promise<{ statement: RowStatement; rows: readonly Row[] }>(
    (resolve, reject) => {
      connection.execute({
        sqlText: sql,
        // The SDK's types ask for mutable lists, which it does not change.
        ...(binds.length > 0 ? { binds: binds as Bind[] } : {}),
        complete: (error, done, found) => {
          if (error) reject(new StatementError(where, sql, error));
          else resolve({ statement: done, rows: found ?? [] });
        },
      });
    },
  );
  const columns = statement.getColumns() ?? [];
  const readers = columns.map((column) => [column.getName(), columnReader(column)] as const);
  return {
    columns: columns.map((column) => ({ name: column.getName(), isNumber: column.isNumber() })),
    rows: rows.map((row) => Object.fromEntries(readers.map(([name, read]) => [name, read(row[name])]))),
  };
}

/** A session that can't be ended, as the warehouse has gone, ends by itself there; what was done in it is no worse for that. */
async function close(connection: Connection): Promise<void> {
  if (!connection.isUp()) return;
  await new Promise<void>((resolve) => {
    connection.destroy(() => resolve());
  });
}

function shortened(sql: string): string {
  const line = sql.trim().replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && !error.message.includes(cause.message)
    ? `${error.message} (${cause.message})`
    : error.message;
}

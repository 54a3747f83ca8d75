import { join } from 'node:path';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { warehousePart } from '#local/supervisor/parts/warehouse.ts';
import { portOf } from '#local/supervisor/run-options.ts';
import { USUAL_SYMBOLS } from '#local/supervisor/symbol-choice.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

/** Those that are read by other programs, in the types of the models' contracts. */
const MARTS = {
  fct_candle_gaps: `exchange varchar, symbol varchar, first_open_time timestamp_ntz(3),
    last_open_time timestamp_ntz(3), missing_minutes number(38, 0), gap_class varchar`,
  mart_data_quality: `exchange varchar, symbol varchar, date_day date, expected_minutes number(38, 0),
    present_minutes number(38, 0), late_minutes number(38, 0), corrected_minutes number(38, 0),
    healed_minutes number(38, 0), missing_minutes number(38, 0), missing_exchange_minutes number(38, 0),
    missing_delisted_minutes number(38, 0), missing_ours_minutes number(38, 0), lag_p50_seconds number(38, 3),
    lag_p95_seconds number(38, 3), lag_p99_seconds number(38, 3)`,
  mart_pipeline_audit: `topic varchar, kafka_partition number(38, 0), min_offset number(38, 0),
    max_offset number(38, 0), expected_offsets number(38, 0), distinct_offsets number(38, 0),
    missing_offsets number(38, 0), duplicate_rows number(38, 0), last_landed_at timestamp_ntz(3)`,
  fct_candles_1m: candleColumns('source varchar'),
  fct_candles_5m: rollUpColumns(),
  fct_candles_15m: rollUpColumns(),
  fct_candles_1h: rollUpColumns(),
  fct_candles_4h: rollUpColumns(),
  fct_candles_1d: rollUpColumns(),
};

function rollUpColumns(): string {
  return candleColumns('candles_present number(38, 0), candles_expected number(38, 0), is_complete boolean');
}

function candleColumns(more: string): string {
  return `exchange varchar, symbol varchar, open_time timestamp_ntz(3), open_price number(38, 18),
    high_price number(38, 18), low_price number(38, 18), close_price number(38, 18),
    base_volume number(38, 18), quote_volume number(38, 18), ${more}`;
}

/** A Snowflake emulator on DuckDB with the account's real setup, and no models built. */
export async function startWarehouse() {
  await using resources = new AsyncDisposableStack();
  const { path: folder } = resources.use(await temporaryFolder());
  const [port = 0] = await freePorts(1);
  const options = { folder, portBase: port - portOf({ portBase: 0 }, 'warehouse') };
  const part = warehousePart({
    ...options,
    source: 'replay',
    symbols: USUAL_SYMBOLS,
    speed: 1,
    batch: true,
  });
  const start = async () => {
    const running = await startProcess({
      name: part.name,
      ...(await part.prepare()),
      logFile: join(folder, 'warehouse.log'),
      isReady: () =>
        part.check().then(
          ({ kind }) => kind === 'ready',
          () => false,
        ),
      timeoutMs: 60_000,
    });
    await part.onceUp?.();
    return running;
  };
  let running: Awaited<ReturnType<typeof start>> | undefined = await start();
  resources.defer(async () => running?.[Symbol.asyncDispose]());
  const owned = resources.move();
  return {
    /** As what only reads. */
    reader: warehouseEnvironment(options, 'reader'),
    /** Runs statements as the role that owns the marts. */
    async run(...statements: readonly string[]) {
      await using warehouse = await connectAs(options, 'transformer');
      for (const sql of statements) await warehouse.execute(sql);
    },
    async stop() {
      await running?.[Symbol.asyncDispose]();
      running = undefined;
    },
    async startAgain() {
      running = await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The statements that make the marts, empty. */
export function createMarts(): readonly string[] {
  return Object.entries(MARTS).map(([name, columns]) => `create or replace table marts.${name} (${columns})`);
}

/** A row of a mart: column to SQL literal. */
export function insertInto(
  mart: keyof typeof MARTS,
  ...rows: readonly Readonly<Record<string, string | number>>[]
): string {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => `(${columns.map((column) => literal(row[column])).join(', ')})`);
  return `insert into marts.${mart} (${columns.join(', ')}) values ${values.join(', ')}`;
}

function literal(value: string | number | undefined): string {
  return typeof value === 'number' ? String(value) : `'${value}'`;
}

import type { Candle } from '#domain/candle.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import type { Warehouse } from '#snowflake/connection.ts';

/** A Kafka record as the connector lands it. */
export interface LandedRecord {
  readonly partition: number;
  readonly offset: number;
  /** The message, which need not be a candle. */
  readonly content: unknown;
  /** The connector's clock. */
  readonly landedMs: number;
}

/** In few statements, as each costs the emulator more than its rows do. */
export async function landStream(sql: Warehouse, records: readonly LandedRecord[]): Promise<void> {
  const rows = records.map(({ partition, offset, content, landedMs }) => ({
    metadata: {
      topic: CANDLE_TOPIC,
      partition,
      offset,
      key: 'a symbol',
      CreateTime: landedMs - 500,
      SnowflakeConnectorPushTime: landedMs,
    },
    content,
  }));
  await insertJson(sql, 'CANDLES_STREAM', ['value:metadata', 'value:content'], rows);
}

export interface LandedFile {
  readonly name: string;
  readonly symbol: string;
  readonly granularity: 'daily' | 'monthly' | 'rest';
  readonly firstMs: number;
  /** Open time of the last minute that was asked for. */
  readonly lastMs: number;
  readonly candles: readonly Candle[];
  readonly landedMs: number;
}

/** A file of history with its line in the manifest. */
export async function landFile(sql: Warehouse, file: LandedFile): Promise<void> {
  const rows = file.candles.map((candle) => ({
    ...candle,
    source: file.granularity === 'rest' ? 'rest' : 'archive',
    file: file.name,
    landed: timestamp(file.landedMs),
  }));
  await insertJson(
    sql,
    'CANDLES_ARCHIVE',
    [
      'value:exchange::varchar',
      'value:symbol::varchar',
      'value:interval::varchar',
      "replace(value:openTime::varchar, 'Z')::timestamp_ntz(3)",
      "replace(value:closeTime::varchar, 'Z')::timestamp_ntz(3)",
      ...NUMBERS.map((name) => `value:${name}::varchar::number(38, 18)`),
      'value:trades::number',
      'value:source::varchar',
      'value:file::varchar',
      "'a checksum'",
      'value:landed::varchar::timestamp_ntz(3)',
    ],
    rows,
  );
  await sql.execute("insert into RAW.ARCHIVE_FILES values (?, 'binance', ?, ?, ?, ?, 'a checksum', ?, ?)", [
    file.name,
    file.symbol,
    file.granularity,
    timestamp(file.firstMs),
    timestamp(file.lastMs),
    file.candles.length,
    timestamp(file.landedMs),
  ]);
}

/** Candles of any symbols as one file of history for each. */
export async function landMonths(
  sql: Warehouse,
  name: string,
  candles: readonly Candle[],
  landedMs: number,
): Promise<void> {
  const bySymbol = Object.groupBy(candles, ({ symbol }) => symbol);
  for (const [symbol, ofSymbol = []] of Object.entries(bySymbol)) {
    const opens = ofSymbol.map(({ openTime }) => Date.parse(openTime));
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await landFile(sql, {
      name: `${symbol}-${name}.zip`,
      symbol,
      granularity: 'monthly',
      firstMs: Math.min(...opens),
      lastMs: Math.max(...opens),
      candles: ofSymbol,
      landedMs,
    });
  }
}

const NUMBERS = [
  'open',
  'high',
  'low',
  'close',
  'baseVolume',
  'quoteVolume',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
] as const;

export async function landAbsentMinutes(
  sql: Warehouse,
  symbol: string,
  minutesMs: readonly number[],
  checkedMs: number,
): Promise<void> {
  await insertJson(
    sql,
    'ABSENT_MINUTES',
    [
      "'binance'",
      'value:symbol::varchar',
      'value:open::varchar::timestamp_ntz(3)',
      "'rest'",
      'value:checked::varchar::timestamp_ntz(3)',
    ],
    minutesMs.map((open) => ({ symbol, open: timestamp(open), checked: timestamp(checkedMs) })),
  );
}

export async function landSymbols(
  sql: Warehouse,
  statuses: Readonly<Record<string, string>>,
  fetchedMs: number,
  quoteAsset = 'USDT',
): Promise<void> {
  for (const [symbol, status] of Object.entries(statuses)) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await sql.execute("insert into RAW.EXCHANGE_SYMBOLS values ('binance', ?, ?, ?, ?, ?)", [
      symbol,
      status,
      symbol.replace(/USDT$/, ''),
      quoteAsset,
      timestamp(fetchedMs),
    ]);
  }
}

/** As TIMESTAMP_NTZ reads it. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
}

async function insertJson(
  sql: Warehouse,
  table: string,
  columns: readonly string[],
  rows: readonly unknown[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
    const text = JSON.stringify(rows.slice(start, start + ROWS_A_STATEMENT));
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await sql.execute(
      `insert into RAW.${table} select ${columns.join(', ')} from table(flatten(input => parse_json(?)))`,
      [text],
    );
  }
}

/** A VARIANT holds 16 MB. */
const ROWS_A_STATEMENT = 5000;

import * as z from 'zod';
import type { Warehouse } from '#snowflake/connection.ts';

/** One symbol's day as MARTS.MART_DATA_QUALITY has it; numbers are decimal text. */
export type QualityRow = z.output<typeof qualityRow>;

/** One partition as MARTS.MART_PIPELINE_AUDIT has it. */
export type AuditRow = z.output<typeof auditRow>;

export interface MartRows {
  /** Of the days that were asked for. */
  readonly quality: readonly QualityRow[];
  /** Of any day; undefined when the mart has no row at all. */
  readonly newestDay: string | undefined;
  readonly audit: readonly AuditRow[];
}

/** Reads the quality of the days from `firstDay` (YYYY-MM-DD) on, and the audit. */
export async function readMarts(warehouse: Warehouse, firstDay: string): Promise<MartRows> {
  const quality = await warehouse.execute(QUALITY_SQL, [firstDay]);
  const audit = await warehouse.execute(AUDIT_SQL);
  const newest = await warehouse.execute(NEWEST_DAY_SQL);
  return {
    quality: z.array(qualityRow).parse(quality),
    newestDay: z.array(newestDayRow).parse(newest)[0]?.NEWEST_DAY ?? undefined,
    audit: z.array(auditRow).parse(audit),
  };
}

const QUALITY_SQL = `
  select
    exchange, symbol, date_day,
    expected_minutes, present_minutes, late_minutes, corrected_minutes, healed_minutes,
    missing_ours_minutes, missing_exchange_minutes, missing_delisted_minutes,
    lag_p50_seconds, lag_p95_seconds, lag_p99_seconds
  from marts.mart_data_quality
  where date_day >= to_date(?)
  order by exchange, symbol, date_day`;

const NEWEST_DAY_SQL = `select max(date_day) as newest_day from marts.mart_data_quality`;

const AUDIT_SQL = `
  select
    topic, kafka_partition, expected_offsets, missing_offsets, duplicate_rows, last_landed_at
  from marts.mart_pipeline_audit
  order by topic, kafka_partition`;

/** A number as text, whichever of the two the connection makes of it. */
const decimal = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?(e-?\d+)?$/i)]).transform(String);
const name = z.string().min(1);

const qualityRow = z.object({
  EXCHANGE: name,
  SYMBOL: name,
  DATE_DAY: z.iso.date(),
  EXPECTED_MINUTES: decimal,
  PRESENT_MINUTES: decimal,
  LATE_MINUTES: decimal,
  CORRECTED_MINUTES: decimal,
  HEALED_MINUTES: decimal,
  MISSING_OURS_MINUTES: decimal,
  MISSING_EXCHANGE_MINUTES: decimal,
  MISSING_DELISTED_MINUTES: decimal,
  // nothing was streamed on a day that history alone has
  LAG_P50_SECONDS: decimal.nullable(),
  LAG_P95_SECONDS: decimal.nullable(),
  LAG_P99_SECONDS: decimal.nullable(),
});

const newestDayRow = z.object({ NEWEST_DAY: z.iso.date().nullable() });

const auditRow = z.object({
  TOPIC: name,
  KAFKA_PARTITION: decimal,
  EXPECTED_OFFSETS: decimal,
  MISSING_OFFSETS: decimal,
  DUPLICATE_ROWS: decimal,
  LAST_LANDED_AT: z.iso.datetime().transform((text) => Date.parse(text)),
});

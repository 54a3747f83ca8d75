import type { AuditRow, MartRows, QualityRow } from '#lambdas/quality-exporter/read-marts.ts';

/** The afternoon of a day long ago, for tests with a clock of their own. */
export const NOW_MS = Date.UTC(2026, 0, 2, 15, 4, 5, 678);
export const TODAY = '2026-01-02';
export const YESTERDAY = '2026-01-01';

export function qualityRow(change: Partial<QualityRow> = {}): QualityRow {
  return {
    EXCHANGE: 'binance',
    SYMBOL: 'BTCUSDT',
    DATE_DAY: TODAY,
    EXPECTED_MINUTES: '904',
    PRESENT_MINUTES: '894',
    LATE_MINUTES: '7',
    CORRECTED_MINUTES: '2',
    HEALED_MINUTES: '3',
    MISSING_OURS_MINUTES: '5',
    MISSING_EXCHANGE_MINUTES: '4',
    MISSING_DELISTED_MINUTES: '1',
    LAG_P50_SECONDS: '1.25',
    LAG_P95_SECONDS: '2.5',
    LAG_P99_SECONDS: '-0.004',
    ...change,
  };
}

export function auditRow(change: Partial<AuditRow> = {}): AuditRow {
  return {
    TOPIC: 'candles-1m',
    KAFKA_PARTITION: '0',
    EXPECTED_OFFSETS: '5000',
    MISSING_OFFSETS: '0',
    DUPLICATE_ROWS: '12',
    LAST_LANDED_AT: NOW_MS - 61_500,
    ...change,
  };
}

export function martRows(change: Partial<MartRows> = {}): MartRows {
  return { quality: [qualityRow()], newestDay: TODAY, audit: [auditRow()], ...change };
}

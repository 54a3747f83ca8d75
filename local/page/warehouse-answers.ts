/** What the page's server answers about the warehouse half: the two sides share these types. */

/** Why there are no numbers; each an expected outcome, so it comes with status 200. */
type NoWarehouse =
  /** This run goes without it. */
  | { readonly kind: 'off' }
  /** It starts, or has no models yet. */
  | { readonly kind: 'waiting'; readonly detail: string }
  | { readonly kind: 'failing'; readonly detail: string };

export type WarehouseAnswer<T> = ({ readonly kind: 'read'; readonly readMs: number } & T) | NoWarehouse;

/** Exact decimals as text, without the zeros that a scale of 18 brings. */
type DecimalText = string;

export const GAP_ROWS_SHOWN = 8;
export const QUALITY_ROWS_SHOWN = 12;

interface GapClassTotal {
  readonly gapClass: string;
  readonly islands: number;
  readonly minutes: number;
}

interface Gap {
  readonly exchange: string;
  readonly symbol: string;
  readonly firstOpenMs: number;
  /** Inclusive. */
  readonly lastOpenMs: number;
  readonly minutes: number;
  readonly gapClass: string;
}

/** One symbol's day. */
interface QualityRow {
  readonly symbol: string;
  readonly expected: number;
  readonly present: number;
  readonly late: number;
  readonly corrected: number;
  readonly healed: number;
  readonly missing: number;
  /** Undefined on a day without streamed candles. */
  readonly lagP95Seconds: number | undefined;
}

export interface Overview {
  /** Rows that the sink connector landed, repeats included. */
  readonly streamRows: number;
  readonly lastLandedMs: number | undefined;
  readonly missingOffsets: number;
  readonly repeatedRows: number;
  /** One per identity, by where the numbers come from, most first. */
  readonly candles: readonly { readonly source: string; readonly candles: number }[];
  /** By class. */
  readonly gaps: readonly GapClassTotal[];
  /** The newest ones, at most GAP_ROWS_SHOWN. */
  readonly newestGaps: readonly Gap[];
  /** The newest day that the quality mart has, `2026-01-02`; undefined when it has none. */
  readonly day: string | undefined;
  /** Of that day, over all symbols. */
  readonly dayTotal: QualityTotal | undefined;
  /** Of that day, those with most missing and late minutes first, at most QUALITY_ROWS_SHOWN. */
  readonly worst: readonly QualityRow[];
}

interface QualityTotal extends Omit<QualityRow, 'symbol' | 'lagP95Seconds'> {
  readonly symbols: number;
}

export type OverviewAnswer = WarehouseAnswer<Overview>;

export type MartSymbolsAnswer = WarehouseAnswer<{ readonly symbols: readonly string[] }>;

/** The roll-ups that the history chart can show, and how many ms one candle of each lasts. */
export const HISTORY_INTERVALS = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
} as const;
export type HistoryInterval = keyof typeof HISTORY_INTERVALS;

export interface HistoryCandle {
  readonly openMs: number;
  readonly open: DecimalText;
  readonly high: DecimalText;
  readonly low: DecimalText;
  readonly close: DecimalText;
  readonly baseVolume: DecimalText;
  readonly quoteVolume: DecimalText;
  /** Minutes that the roll-up is made of, and those it should be. */
  readonly present: number;
  readonly expected: number;
}

export type HistoryAnswer = WarehouseAnswer<{
  readonly symbol: string;
  readonly interval: HistoryInterval;
  /** Oldest first. */
  readonly candles: readonly HistoryCandle[];
}>;

/** A node of dbt's that did not do well. */
interface TroubledNode {
  readonly name: string;
  /** `error`, `fail`, `warn`, `skipped` …, as dbt says it. */
  readonly status: string;
  readonly message: string | undefined;
}

export interface NodeCounts {
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One run of dbt by its artifacts. */
export interface DbtRun {
  readonly dag: string;
  readonly endedMs: number;
  readonly durationSeconds: number;
  readonly models: NodeCounts;
  readonly tests: NodeCounts;
  /** Worst first, at most TROUBLED_SHOWN. */
  readonly troubled: readonly TroubledNode[];
}

export const TROUBLED_SHOWN = 20;

export type DbtAnswer =
  | { readonly kind: 'off' }
  /** None has ended yet. */
  | { readonly kind: 'none' }
  /** The newest run of each DAG, newest first. */
  | { readonly kind: 'runs'; readonly runs: readonly DbtRun[] }
  | { readonly kind: 'unreadable'; readonly detail: string };

/**
 * Gauges per candle, stamped with its close time; the value is a pure function of the candle. Labels: exchange,
 * symbol, interval and no others, so one series per metric, symbol and interval.
 */
export const CANDLE_METRICS = {
  open: 'crypto_candle_open_price',
  high: 'crypto_candle_high_price',
  low: 'crypto_candle_low_price',
  close: 'crypto_candle_close_price',
  baseVolume: 'crypto_candle_base_volume',
  quoteVolume: 'crypto_candle_quote_volume',
  takerBuyBaseVolume: 'crypto_candle_taker_buy_base_volume',
  takerBuyQuoteVolume: 'crypto_candle_taker_buy_quote_volume',
  trades: 'crypto_candle_trades',
} as const;

/** Gauge with the further label `stage`; seconds; negative when a clock is behind, and kept so. */
export const LATENCY_METRIC = 'crypto_candle_latency_seconds';

export const LATENCY_STAGES = {
  /** Close time to the exchange's event time. */
  exchange: 'exchange',
  /** Event time to the local clock at arrival. */
  network: 'network',
  /** Arrival to the hand-over to Kafka. */
  publish: 'publish',
  /** Hand-over to Kafka to the consumer's write. */
  consume: 'consume',
  /** Close time to the consumer's write. */
  total: 'total',
} as const;

export type LatencyStage = keyof typeof LATENCY_STAGES;

/** The exporter's own health: name, help and labels, for its registry and for every query on it. */
export const EXPORTER_METRICS = {
  connections: { name: 'crypto_exporter_connections', help: 'Open WebSocket connections', labels: [] },
  rotations: {
    name: 'crypto_exporter_rotations_total',
    help: 'Connections replaced make-before-break',
    labels: ['reason'],
  },
  reconnects: {
    name: 'crypto_exporter_reconnects_total',
    help: 'Connections lost and opened anew',
    labels: ['reason'],
  },
  frames: { name: 'crypto_exporter_frames_total', help: 'Frames received', labels: [] },
  closedCandles: {
    name: 'crypto_exporter_closed_candles_total',
    help: 'Closed candles accepted',
    labels: ['source'],
  },
  duplicates: {
    name: 'crypto_exporter_duplicates_total',
    help: 'Closed candles dropped because the same one was taken before',
    labels: [],
  },
  corrections: {
    name: 'crypto_exporter_corrections_total',
    help: 'Closed candles that came again with other values, published too',
    labels: [],
  },
  deadLettersLost: {
    name: 'crypto_exporter_dead_letters_lost_total',
    help: 'Unreadable frames that not even the dead-letter queue had room for',
    labels: [],
  },
  rejected: {
    name: 'crypto_exporter_rejected_total',
    help: 'Frames and rows that could not be read, kept in the dead-letter topic',
    labels: ['reason'],
  },
  holesFound: {
    name: 'crypto_exporter_missing_minutes_found_total',
    help: 'Minutes found missing',
    labels: [],
  },
  holesFilled: {
    name: 'crypto_exporter_missing_minutes_filled_total',
    help: 'Missing minutes filled from REST',
    labels: [],
  },
  holesLeft: {
    name: 'crypto_exporter_missing_minutes_left_total',
    help: 'Missing minutes given up here and left to the archive',
    labels: [],
  },
  holesOpen: {
    name: 'crypto_exporter_missing_minutes_open',
    help: 'Missing minutes not filled yet',
    labels: ['class'],
  },
  publishBatches: {
    name: 'crypto_exporter_publish_batches_total',
    help: 'Batches acknowledged by Kafka',
    labels: [],
  },
  publishFailures: {
    name: 'crypto_exporter_publish_failures_total',
    help: 'Batches that Kafka did not acknowledge',
    labels: [],
  },
  publishQueue: {
    name: 'crypto_exporter_publish_queue_candles',
    help: 'Candles waiting for Kafka',
    labels: [],
  },
  intakePaused: {
    name: 'crypto_exporter_intake_paused',
    help: '1 while the publish queue is full and live candles are left to the backfill',
    labels: [],
  },
  clockOffset: {
    name: 'crypto_exporter_clock_offset_seconds',
    help: "The exchange's clock minus the local one",
    labels: [],
  },
  lastCandleAge: {
    name: 'crypto_exporter_last_candle_age_seconds',
    help: "Exchange time since the symbol's last closed candle closed",
    labels: ['symbol'],
  },
  restWeight: {
    name: 'crypto_exporter_rest_weight_used',
    help: 'Request weight used in the current minute, as the exchange reports it',
    labels: [],
  },
  restRequests: {
    name: 'crypto_exporter_rest_requests_total',
    help: 'REST requests by outcome',
    labels: ['outcome'],
  },
  groupLag: {
    name: 'crypto_kafka_consumer_lag_records',
    help: 'Candles in Kafka that a consumer group has not committed; no series while Kafka does not answer',
    labels: ['group'],
  },
  deadLetters: {
    name: 'crypto_kafka_dead_letters_total',
    help: 'Records that a dead-letter topic ever took',
    labels: ['topic'],
  },
} as const;

/**
 * What the consumer made of the records, where a process runs it that can be scraped; a Lambda function tells CloudWatch.
 */
export const CONSUMER_METRICS = {
  lag: {
    name: 'crypto_consumer_lag_records',
    help: 'Records that the group has not committed yet',
    labels: ['partition'],
  },
  poison: {
    name: 'crypto_consumer_records_rejected_total',
    help: 'Records that are no candle, kept aside',
    labels: ['reason'],
  },
  dropped: {
    name: 'crypto_consumer_candles_dropped_total',
    help: 'Candles the metrics store can not take',
    labels: ['reason'],
  },
  refused: {
    name: 'crypto_consumer_samples_refused_total',
    help: 'Samples refused and kept aside',
    labels: ['reason'],
  },
  requests: {
    name: 'crypto_consumer_requests_total',
    help: 'Remote-write requests by outcome',
    labels: ['outcome'],
  },
} as const;

/**
 * What the warehouse knows about the data, written after each build of its models and stamped with the time of the
 * export. Builds are minutes apart, longer than a query looks back by itself: ask with `last_over_time(…[30m])`.
 *
 * `window` is the UTC day of the export or the one before it, `class` why minutes are missing (GAP_CLASSES).
 */
export const QUALITY_METRICS = {
  expectedMinutes: {
    name: 'crypto_quality_expected_minutes',
    help: "Minutes of the day inside the symbol's coverage",
    labels: ['exchange', 'symbol', 'window'],
  },
  presentMinutes: {
    name: 'crypto_quality_present_minutes',
    help: 'Minutes of the day that have a candle',
    labels: ['exchange', 'symbol', 'window'],
  },
  missingMinutes: {
    name: 'crypto_quality_missing_minutes',
    help: 'Expected minutes of the day that have no candle, by the reason',
    labels: ['class', 'exchange', 'symbol', 'window'],
  },
  lateMinutes: {
    name: 'crypto_quality_late_minutes',
    help: 'Minutes of the day that landed late',
    labels: ['exchange', 'symbol', 'window'],
  },
  correctedMinutes: {
    name: 'crypto_quality_corrected_minutes',
    help: 'Minutes of the day whose numbers a later source corrected',
    labels: ['exchange', 'symbol', 'window'],
  },
  healedMinutes: {
    name: 'crypto_quality_healed_minutes',
    help: 'Minutes of the day that the live stream missed and history filled',
    labels: ['exchange', 'symbol', 'window'],
  },
  landingLag: {
    name: 'crypto_quality_landing_lag_seconds',
    help: "From a candle's close to its row in the landing table, percentiles of the day",
    labels: ['exchange', 'quantile', 'symbol', 'window'],
  },
  expectedOffsets: {
    name: 'crypto_quality_expected_offsets',
    help: 'Offsets from the first to the last one that landed',
    labels: ['partition', 'topic'],
  },
  missingOffsets: {
    name: 'crypto_quality_missing_offsets',
    help: 'Offsets between the first and the last one that landed which did not land',
    labels: ['partition', 'topic'],
  },
  duplicateRows: {
    name: 'crypto_quality_duplicate_rows',
    help: 'Landed rows whose offset had landed before',
    labels: ['partition', 'topic'],
  },
  lastLandingAge: {
    name: 'crypto_quality_last_landing_age_seconds',
    help: 'From the last landed row to the export',
    labels: ['partition', 'topic'],
  },
  exportTime: {
    name: 'crypto_quality_export_timestamp_seconds',
    help: 'When the numbers were read from the warehouse, seconds since 1970',
    labels: [],
  },
} as const;

/**
 * What a run of a DAG says of itself at its end, by way of the quality exporter and stamped with the time of the export.
 * Runs are up to a day apart: ask with `last_over_time`.
 */
export const BATCH_METRICS = {
  dagRunTime: {
    name: 'crypto_dag_run_timestamp_seconds',
    help: 'When a run of the DAG came to its last step, whatever became of the others, seconds since 1970',
    labels: ['dag'],
  },
  dbtResults: {
    name: 'crypto_dbt_results',
    help: "Models and tests of the run's dbt build, by how they ended",
    labels: ['dag', 'status'],
  },
} as const;

/** What dbt calls the ends of a model or a test; each is written, be it 0, so that a failure is seen to be over. */
export const DBT_STATUSES = ['success', 'pass', 'warn', 'fail', 'error', 'skipped'] as const;

/** Whose fault a missing minute is, as the gap model says: ours to fill, the exchange's own hole, or delisted. */
const GAP_CLASSES = ['ours', 'exchange', 'delisted'] as const;

export type GapClass = (typeof GAP_CLASSES)[number];

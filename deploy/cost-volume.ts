import { CANDLE_METRICS, LATENCY_STAGES } from '#domain/metrics.ts';
import { MARKET_RECORDINGS } from '#grafana/rules/market-metrics.ts';
import type { StageSettings } from '#lib/stage/stage.ts';
import { symbolCount } from '#lib/stage/symbols.ts';

/** A month as AWS bills it. */
export const HOURS = 730;
const MINUTES = HOURS * 60;

/** The exchange sends a symbol's candle every two seconds, closed or not, in 370 bytes and as many for TLS, TCP and acknowledgements. */
const FRAMES_A_MINUTE = 30;
const FRAME_GB = 500e-9;

/** One message in Kafka, key and headers included. */
const CANDLE_GB = 800e-9;

/** One sample in the metrics store, compressed, and its index. */
const SAMPLE_GB = 2e-9;

/** Calls for the candles of one minute in one partition: they arrive within some two seconds, in windows of half a one. */
const CALLS_A_MINUTE = 3;

/** What a call takes, in seconds, the store's answer included. */
export const CALL_SECONDS = 0.3;

/** What a month of the stage's symbols amounts to. */
export interface Volume {
  readonly symbols: number;
  readonly candles: number;
  readonly candleGb: number;
  /** Received from the exchange's WebSocket. */
  readonly frameGb: number;
  readonly samples: number;
  readonly samplesStoredGb: number;
  readonly calls: number;
}

export function volumeOf(
  { exporter, stream, metrics }: Pick<StageSettings, 'exporter' | 'stream' | 'metrics'>,
  healthSeries: number,
): Volume {
  const symbols = symbolCount(exporter.symbols);
  const candles = symbols * MINUTES;
  // A rule that records is billed as what is sent: once a minute, for each symbol.
  const samplesOfACandle = [CANDLE_METRICS, LATENCY_STAGES, MARKET_RECORDINGS].flatMap(Object.keys).length;
  const samples = candles * samplesOfACandle + healthSeries * MINUTES;
  return {
    symbols,
    candles,
    candleGb: candles * CANDLE_GB,
    frameGb: candles * FRAMES_A_MINUTE * FRAME_GB,
    samples,
    samplesStoredGb: ((samples * SAMPLE_GB) / 30) * metrics.retentionDays,
    calls: stream.partitions * CALLS_A_MINUTE * MINUTES,
  };
}

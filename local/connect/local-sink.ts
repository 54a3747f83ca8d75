import { candleSink } from '#connectors/candle-sink.ts';
import type { CandleSink } from '#connectors/candle-sink.ts';
import { CANDLE_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { SECRETS_PROVIDER } from './worker.ts';

export interface LocalSinkOptions {
  readonly epoch: string;
  /** Of the emulator; by number, as the connector takes no `localhost`. */
  readonly warehouseUrl: string;
  /** PKCS8, as a PEM. */
  readonly privateKey: { readonly folder: string; readonly file: string };
}

/** The sink on this machine: one task is quick enough for it, and a second fresh enough. */
export function localSink({ epoch, warehouseUrl, privateKey }: LocalSinkOptions): CandleSink {
  return candleSink({
    epoch,
    topics: { candles: CANDLE_TOPIC, deadLetter: SINK_DEAD_LETTER_TOPIC },
    tasks: 1,
    flushSeconds: 1,
    snowflake: {
      url: warehouseUrl,
      user: 'CRYPTO_LOADER_SERVICE',
      privateKey: { provider: SECRETS_PROVIDER, path: privateKey.folder, key: privateKey.file },
      role: 'CRYPTO_LOADER',
      database: 'CRYPTO_MARKET',
      schema: 'RAW',
      table: 'CANDLES_STREAM',
    },
  });
}

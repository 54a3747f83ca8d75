import { join } from 'node:path';
import * as z from 'zod';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import type { ExporterEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { EXPORTER_NODE_FLAGS } from '#fargate/ohlc-exporter/env.ts';
import { ROOT } from '#local/setup/folders.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import { brokersOf, portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { valuesOf } from '#local/supervisor/metrics-text.ts';

export function exporterPart(options: RunOptions): Part {
  const url = urlOf(options, 'exporter');
  return {
    name: 'exporter',
    half: 'live',
    dependsOn: options.source === 'replay' ? ['kafka', 'exchange'] : ['kafka'],
    ports: [portOf(options, 'exporter')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [
          process.execPath,
          ...EXPORTER_NODE_FLAGS,
          join(ROOT, 'fargate', 'ohlc-exporter', 'main.ts'),
        ],
        env: environment(options),
      }),
    check: async () => {
      const { body } = await ask(`${url}/readyz`);
      const { ready, reasons } = readySchema.parse(JSON.parse(body));
      const ageSeconds = largestAge((await ask(`${url}/metrics`)).body);
      const age = ageSeconds === undefined ? {} : { ageSeconds };
      return ready ? { kind: 'ready', ...age } : { kind: 'waiting', detail: reasons.join('; '), ...age };
    },
    // it flushes to Kafka first, for 15 s at most
    stopTimeoutMs: 20_000,
  };
}

function environment(options: RunOptions): Record<string, string> & ExporterEnvironment {
  const replay = {
    BINANCE_WS_URLS: `ws://127.0.0.1:${portOf(options, 'exchange')}`,
    BINANCE_REST_URLS: urlOf(options, 'exchange'),
  };
  return {
    ...(options.source === 'replay' ? replay : {}),
    SYMBOLS: options.symbols.exporter,
    KAFKA_BROKERS: brokersOf(options),
    // absent, whatever the user's shell has exported: only one of the two may be set
    MSK_CLUSTER_ARN: '',
    KAFKA_AUTH: 'none',
    TOPIC: CANDLE_TOPIC,
    DEAD_LETTER_TOPIC,
    METRICS_HOST: '127.0.0.1',
    METRICS_PORT: String(portOf(options, 'exporter')),
    // the metrics store takes nothing older than an hour; older holes are healed in the warehouse
    BACKFILL_LOOKBACK: '55m',
  };
}

/** Undefined before the first candle. */
function largestAge(metrics: string): number | undefined {
  const ages = valuesOf(metrics, EXPORTER_METRICS.lastCandleAge.name);
  return ages.length === 0 ? undefined : Math.max(...ages);
}

const readySchema = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });

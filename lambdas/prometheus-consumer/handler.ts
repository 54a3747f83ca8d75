import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { createSeriesCache } from './candle-series.ts';
import { consumeEvent } from './consume.ts';
import { emitMetrics } from './emit-metrics.ts';
import { parseEnvironment } from './env.ts';
import type { BatchResponse } from './msk-event.ts';
import { createRejectedStore } from './rejected-store.ts';
import { publishReport } from './report.ts';

/**
 * Takes an event of Lambda's MSK source, one or several partitions, and writes its candles to Prometheus. Answers with
 * the first offset per partition that has to be delivered again, or throws if that is how it is to hand back. Throws for
 * an event of another source too.
 */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<BatchResponse> {
  const startMs = Date.now();
  const remainingMs = context.getRemainingTimeInMillis();
  const deadlines = {
    sendMs: startMs + remainingMs - Math.min(SEND_MARGIN_MS, remainingMs / 4),
    keepAsideMs: startMs + remainingMs - Math.min(ANSWER_MARGIN_MS, remainingMs / 8),
  };
  const { response, report } = await consumeEvent(event, deadlines, seriesOf, ports);

  const durationMs = Date.now() - startMs;
  const trouble = report.handedBack.length > 0 || report.keptAside > 0;
  logger[trouble ? 'warn' : 'info']('batch', { event: 'batch', durationMs, ...report });
  emitMetrics(metrics, report, durationMs);
  publishReport(report);
  if (config.handBackBy === 'error' && report.handedBack.length > 0) {
    throw new Error(
      `handing ${report.handedBack.length} partitions back: ${report.gaveUp ?? report.keepAsideError ?? 'see the line before'}`,
    );
  }
  return response;
}

/** For keeping aside what the store refused last: one write of 3 s, and as much again. */
const SEND_MARGIN_MS = 8_000;

/** For the answer itself, and a write that was started at the last moment. */
const ANSWER_MARGIN_MS = 4_000;

const SERVICE = 'prometheus-consumer';
const config = parseEnvironment(process.env);
const logger = new Logger({ serviceName: SERVICE });
const metrics = new Metrics({ namespace: config.metricsNamespace, serviceName: SERVICE });
const seriesOf = createSeriesCache();
const ports = {
  ...createRemoteWrite(config.remoteWriteUrl, config.auth, SERVICE),
  keepAside: await createRejectedStore(config.rejected),
  now: Date.now,
  sleep: (ms: number) => sleep(ms),
  random: Math.random,
};

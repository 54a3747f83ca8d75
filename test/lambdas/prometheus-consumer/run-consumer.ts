import { consumeEvent } from '#lambdas/prometheus-consumer/consume.ts';
import type { ConsumerPorts } from '#lambdas/prometheus-consumer/ports.ts';
import type { Rejection } from '#lambdas/prometheus-consumer/rejection.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { createSeriesCache } from '#lambdas/prometheus-consumer/candle-series.ts';
import { CLOSE_MS } from './events.ts';

export interface RunOptions {
  /** The clock at the start; it stands still but for sleeps. */
  readonly nowMs?: number;
  /** For sending; keeping aside has a second more. */
  readonly timeMs?: number;
  readonly keepAside?: ConsumerPorts['keepAside'];
}

/** One invocation against a real receiver, on a clock that only sleeping moves. */
export async function runConsumer(url: URL, event: unknown, options: RunOptions = {}) {
  const startMs = options.nowMs ?? CLOSE_MS + 1_000;
  const sleeps: number[] = [];
  const kept: Rejection[] = [];
  const now = () => startMs + sleeps.reduce((sum, ms) => sum + ms, 0);
  const sendMs = startMs + (options.timeMs ?? 20_000);
  const { response, report } = await consumeEvent(
    event,
    { sendMs, keepAsideMs: sendMs + 1_000 },
    createSeriesCache(),
    {
      ...createRemoteWrite(url, { kind: 'none' }, 'prometheus-consumer'),
      keepAside:
        options.keepAside ??
        (async (rejection) => {
          kept.push(rejection);
        }),
      now,
      sleep: async (ms) => {
        sleeps.push(ms);
      },
      random: () => 0.5,
    },
  );
  return { failures: response.batchItemFailures, report, sleeps, kept };
}

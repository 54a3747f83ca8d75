import { join } from 'node:path';
import * as z from 'zod';
import type { Candle } from '#domain/candle.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { startPrometheus } from '#local/prometheus/start-prometheus.ts';
import type { PrometheusOptions } from '#local/prometheus/start-prometheus.ts';
import { startTcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import type { TcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import { freePorts } from '#test/local/free-ports.ts';

export interface RealStore extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Through the link. */
  readonly remoteWriteUrl: string;
  /** Between who writes and the store; what is read goes past it. */
  readonly link: TcpFaultProxy;
  /** Every sample of a symbol: `<metric>{<stage>} <ms>` to its value. */
  samples(symbol: string): Promise<ReadonlyMap<string, string>>;
}

/** Prometheus with its remote-write receiver behind a link that can be broken. */
export async function startRealStore(
  folder: string,
  options: Pick<PrometheusOptions, 'alerting'> = {},
): Promise<RealStore> {
  await using stack = new AsyncDisposableStack();
  const [port = 0] = await freePorts(1);
  const { url, pid } = stack.use(
    await startPrometheus({
      port,
      dataDir: join(folder, 'data'),
      configFile: join(folder, 'prometheus.yml'),
      logFile: join(folder, 'prometheus.log'),
      ...options,
    }),
  );
  const link = stack.use(await startTcpFaultProxy(port));
  const owned = stack.move();
  return {
    url,
    pid,
    remoteWriteUrl: `http://127.0.0.1:${link.port}/api/v1/write`,
    link,
    samples: async (symbol) => {
      const query = new URLSearchParams({ query: `{symbol="${symbol}"}[2h]` });
      const answer: unknown = await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json();
      return new Map(
        matrixSchema
          .parse(answer)
          .data.result.flatMap(({ metric, values }) =>
            values.map(([seconds, value]) => [
              `${metric.__name__}{${metric.stage ?? ''}} ${Math.round(seconds * 1000)}`,
              value,
            ]),
          ),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What a store that has taken these candles, each once, holds of their own numbers. */
export function gaugesOf(candles: readonly Candle[]): ReadonlyMap<string, string> {
  return new Map(
    candles.flatMap((candle) =>
      Object.entries(CANDLE_METRICS).map(([field, name]) => [
        `${name}{} ${Date.parse(candle.closeTime)}`,
        String(Number(candle[field as keyof typeof CANDLE_METRICS])), // a key of that table
      ]),
    ),
  );
}

/** The candles' own numbers among the samples of a symbol. */
export function gaugesAmong(samples: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...samples].filter(([series]) => series.includes('{} ')));
}

const matrixSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.object({ __name__: z.string(), stage: z.string().optional() }),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Candle } from '#domain/candle.ts';
import { decodeCandle, identityOf } from '#domain/candle.ts';
import { PLANTED } from './planted-secrets.ts';
import { readTopic } from './read-topic.ts';

const ROOT = join(import.meta.dirname, '../..');

const stateSchema = z.object({
  ready: z.boolean(),
  source: z.string(),
  parts: z.record(z.string(), z.object({ url: z.string(), state: z.string(), pid: z.int().optional() })),
});

export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

/** The whole pipeline, started as a user does. */
export async function startPipeline(portBase: number, folder: string, options: readonly string[]) {
  const child = spawn(
    'npm',
    ['start', '--', '--replay', '--no-open', '--port-base', String(portBase), '--data', folder, ...options],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...PLANTED } },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  const pipeline = {
    url: (offset: number) => `http://127.0.0.1:${portBase + offset}`,
    brokers: `127.0.0.1:${portBase + 2}`,
    /** All that it has printed. */
    said: () => said,
    state: () => stateSchema.parse(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'))),
    /** Resolves with the exit code. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null]; // as `exit` gives it
      return code;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await pipeline.stop();
    },
  };
  return pipeline;
}

const ledgerSchema = z.object({
  symbol: z.string(),
  openTime: z.int(),
  row: z.tuple([
    z.int(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.string(),
    z.int(),
    z.string(),
    z.int(),
    z.string(),
    z.string(),
    z.string(),
  ]),
  flags: z.array(z.string()),
});

export type LedgerEntry = z.infer<typeof ledgerSchema>;

/** Every candle that the replay exchange closed in this run, up to an open time. */
export async function readLedger(
  exchangeUrl: string,
  range: { readonly from?: number; readonly to: number },
): Promise<readonly LedgerEntry[]> {
  const query = new URLSearchParams({
    to: String(range.to),
    ...(range.from === undefined ? {} : { from: String(range.from) }),
  });
  const text = await (await fetch(`${exchangeUrl}/control/ledger?${query.toString()}`)).text();
  return text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => ledgerSchema.parse(JSON.parse(line)));
}

/** The exchange's clock, ms since 1970. */
export async function exchangeNow(exchangeUrl: string): Promise<number> {
  const answer = z
    .object({ serverTime: z.int() })
    .parse(await (await fetch(`${exchangeUrl}/api/v3/time`)).json());
  return answer.serverTime;
}

/** Identity to every message of that candle, in the order of the partition. */
export async function readCandles(
  brokers: string,
  topic: string,
): Promise<ReadonlyMap<string, readonly Candle[]>> {
  const candles = new Map<string, Candle[]>();
  for (const value of await readTopic(brokers, topic)) {
    const decoded = decodeCandle(value);
    if (decoded.kind === 'rejected') throw new Error(`expected a candle in ${topic}, got ${decoded.detail}`);
    const identity = identityOf(decoded.candle);
    const same = candles.get(identity);
    if (same) same.push(decoded.candle);
    else candles.set(identity, [decoded.candle]);
  }
  return candles;
}

/** Symbol to close time (ms) to value, of one metric over the last hours. */
export async function readMetric(
  prometheusUrl: string,
  metric: string,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const query = new URLSearchParams({ query: `${metric}[3h]` });
  const answer = matrixSchema.parse(
    await (await fetch(`${prometheusUrl}/api/v1/query?${query.toString()}`)).json(),
  );
  return new Map(
    answer.data.result.map(({ metric: labels, values }) => [
      labels.symbol,
      new Map(values.map(([seconds, value]) => [Math.round(seconds * 1000), Number(value)])),
    ]),
  );
}

const matrixSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(
      z.object({
        metric: z.object({ symbol: z.string() }),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

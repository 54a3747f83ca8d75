import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { expect, vi } from 'vitest';
import type { Candle } from '#domain/candle.ts';
import { encodeCandle, keyOf, MINUTE_MS } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { CANDLE_TOPIC } from '#domain/topics.ts';
import { loadRecording, RECORDED_SYMBOLS } from '#local/exchange/recording.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import type { Part } from '#local/supervisor/part.ts';
import { connectPart } from '#local/supervisor/parts/connect.ts';
import { kafkaPart } from '#local/supervisor/parts/kafka.ts';
import { warehousePart } from '#local/supervisor/parts/warehouse.ts';
import { brokersOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';
import { USUAL_SYMBOLS } from '#local/supervisor/symbol-choice.ts';
import { freePortRange } from '#test/local/free-ports.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

export type SinkStand = Awaited<ReturnType<typeof startSinkStand>>;

/** Kafka, the emulator and Connect, as the supervisor runs them. */
export async function startSinkStand() {
  // whatever was started is stopped, too, when the rest can't be
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const options: RunOptions = {
    source: 'replay',
    symbols: USUAL_SYMBOLS,
    speed: 1,
    batch: true,
    portBase: await freePortRange(11),
    folder: folder.path,
  };
  const [kafka, warehouse, connect] = [kafkaPart(options), warehousePart(options), connectPart(options)];
  for (const part of [kafka, warehouse]) stack.use(await startPart(part, options.folder));
  let worker = await startPart(connect, options.folder);
  stack.defer(() => worker[Symbol.asyncDispose]());
  const client = new Kafka({ brokers: [brokersOf(options)], logLevel: logLevel.NOTHING });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const admin = client.admin();
  await producer.connect();
  stack.defer(() => producer.disconnect());
  await admin.connect();
  stack.defer(() => admin.disconnect());
  const loader = stack.use(await connectAs(options, 'loader'));
  const running = stack.move();
  return {
    options,
    brokers: brokersOf(options),
    restUrl: urlOf(options, 'connect'),
    warehouseUrl: urlOf(options, 'warehouse'),
    keysFolder: join(options.folder, 'keys'),
    admin,
    health: connect.check,
    execute: (sql: string) => loader.execute(sql),
    publish: (messages: readonly Message[]) =>
      producer.send({ topic: CANDLE_TOPIC, acks: -1, messages: [...messages] }),
    /** How many rows there are, and how many places in the topic they come from. */
    count: async () => {
      const [row] = await loader.execute(COUNT);
      return { rows: Number(row?.['ROWS']), places: Number(row?.['PLACES']) };
    },
    contents: async () => {
      const rows = await loader.execute('select record_content::varchar as content from raw.candles_stream');
      return rows.map(({ CONTENT }) => JSON.parse(String(CONTENT)) as unknown);
    },
    killWorker: () => worker.stop('SIGKILL'),
    restartWorker: async () => {
      worker = await startPart(connect, options.folder);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const COUNT = `select count(*) as "ROWS", count(distinct record_metadata:partition::varchar || '/' ||
  record_metadata:offset::varchar) as places from raw.candles_stream`;

async function startPart(part: Part, folder: string): Promise<RunningProcess> {
  mkdirSync(folder, { recursive: true });
  const answers = async () => {
    try {
      return (await part.check()).kind !== 'down';
    } catch {
      return false;
    }
  };
  const running = await startProcess({
    name: part.name,
    ...(await part.prepare()),
    logFile: join(folder, `${part.name}.log`),
    isReady: answers,
    timeoutMs: 60_000,
  });
  // the worker answers before it takes connectors
  await vi.waitFor(() => part.onceUp?.(), { timeout: 30_000, interval: 500 });
  return running;
}

interface Message {
  readonly key: string;
  readonly value: string;
}

export function messageOf(candle: Candle): Message {
  return { key: keyOf(candle), value: encodeCandle(candle) };
}

/** The first minutes of the recording, both symbols. */
export function recordedCandles(minutes: number): readonly Candle[] {
  return RECORDED_SYMBOLS.flatMap((symbol) => {
    const { startMinute, rows } = loadRecording(symbol);
    expect(rows.length).toBeGreaterThanOrEqual(minutes);
    return rows.slice(0, minutes).map((row, index) => {
      const openMs = (startMinute + index) * MINUTE_MS;
      return {
        schemaVersion: 1 as const,
        exchange: 'binance',
        symbol,
        interval: '1m' as const,
        openTime: toInstant(openMs),
        closeTime: toInstant(openMs + MINUTE_MS - 1),
        open: row.open,
        high: row.high,
        low: row.low,
        close: row.close,
        baseVolume: row.base,
        quoteVolume: row.quote,
        takerBuyBaseVolume: row.takerBase,
        takerBuyQuoteVolume: row.takerQuote,
        trades: row.trades,
        source: 'rest' as const,
        receivedTime: toInstant(openMs + MINUTE_MS + 40),
      };
    });
  });
}

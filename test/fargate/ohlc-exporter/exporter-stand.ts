import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { MINUTE_MS } from '#domain/candle.ts';
import { manualClock } from '#local/exchange/clock.ts';
import type { ManualClock } from '#local/exchange/clock.ts';
import { startExchange } from '#local/exchange/start.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import { readCandles } from '#test/e2e/pipeline.ts';
import { freePorts } from '#test/local/free-ports.ts';

/** A broker that can be killed, frozen and started again on its data. */
export async function startOwnBroker(folder: string) {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const start = async () =>
    startBroker({ port, controllerPort, dataDir: `${folder}/kafka`, logFile: `${folder}/kafka.log` });
  let running = await start();
  return {
    brokers: running.brokers,
    signal: (signal: NodeJS.Signals) => running.kill(signal),
    kill: async () => running.stop('SIGKILL'),
    startAgain: async () => {
      running = await start();
    },
    /** As a consumer group that read so far and left. */
    commit: async (groupId: string, topic: string, partitions: { partition: number; offset: string }[]) => {
      const admin = adminOf(running.brokers);
      await admin.connect();
      await admin.setOffsets({ groupId, topic, partitions });
      await admin.disconnect();
    },
    [Symbol.asyncDispose]: async () => running[Symbol.asyncDispose](),
  };
}

const adminOf = (brokers: string) =>
  new Kafka({ clientId: 'test', brokers: [brokers], logLevel: logLevel.NOTHING }).admin();

/** Every test has an exchange, topics and minutes of its own: the clock moves by hand, so a minute takes no time. */
export async function startExchangeWithTopics(symbols: readonly string[] | number, brokers: string) {
  const clock = manualClock(Date.parse('2026-03-01T12:00:30Z'));
  const exchange = await startExchange({
    symbols,
    wall: clock,
    closeLagMs: 0,
    limits: { pingEveryMs: 1e12, messagesPerSecond: 1e6 },
  });
  const topic = `candles-${Math.random().toString(36).slice(2)}`;
  const letters = `${topic}-letters`;
  const admin = adminOf(brokers);
  await admin.connect();
  await admin.createTopics({
    topics: [
      { topic, numPartitions: 3 },
      { topic: letters, numPartitions: 1 },
    ],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const env = {
    BINANCE_WS_URLS: exchange.wsUrl,
    BINANCE_REST_URLS: exchange.url,
    SYMBOLS: typeof symbols === 'number' ? 'all:USDT' : symbols.join(','),
    KAFKA_BROKERS: brokers,
    TOPIC: topic,
    DEAD_LETTER_TOPIC: letters,
    BACKFILL_LOOKBACK: '30m',
  };
  return {
    clock,
    exchange,
    topic,
    letters,
    env,
    [Symbol.asyncDispose]: async () => exchange[Symbol.asyncDispose](),
  };
}

/** Closes minutes one by one, giving the sockets a moment in between. */
export async function closeMinutes(clock: ManualClock, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    clock.advance(MINUTE_MS);
    await delay(15);
  }
}

/** The open times (minutes of the day) of each symbol in Kafka. */
export async function minutesInKafka(
  brokers: string,
  topic: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const candles = await readCandles(brokers, topic);
  const bySymbol = new Map<string, string[]>();
  for (const [candle] of candles.values()) {
    if (candle)
      bySymbol.set(candle.symbol, [...(bySymbol.get(candle.symbol) ?? []), candle.openTime.slice(11, 16)]);
  }
  return new Map(
    [...bySymbol].map(([symbol, minutes]) => [symbol, minutes.toSorted((a, b) => a.localeCompare(b))]),
  );
}

/** Every minute of the day from one to another. */
export const between = (from: string, to: string): readonly string[] => {
  const [start, end] = [from, to].map((time) => Date.parse(`2026-03-01T${time}:00Z`)) as [number, number]; // two in, two out
  return Array.from({ length: (end - start) / MINUTE_MS + 1 }, (_, i) =>
    new Date(start + i * MINUTE_MS).toISOString().slice(11, 16),
  );
};

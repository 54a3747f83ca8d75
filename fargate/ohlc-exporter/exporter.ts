import type { Server } from 'node:http';
import { once } from 'node:events';
import type { Producer } from 'kafkajs';
import { backoffMs } from './backoff.ts';
import { CandlePublisher } from './candle-publisher.ts';
import { Coverage } from './coverage.ts';
import type { ExporterConfig } from './env.ts';
import { createExchangeApi } from './exchange-api.ts';
import { ExchangeClock } from './exchange-clock.ts';
import { startHealthServer } from './health-server.ts';
import type { Readiness } from './health-server.ts';
import { HoleFiller } from './hole-filler.ts';
import { Hosts } from './hosts.ts';
import { createIntake } from './intake.ts';
import { createKafka, createProducer, createSend } from './kafka-client.ts';
import { MissingTopicError, readAcknowledged, requireTopics } from './kafka-cursor.ts';
import { NO_KAFKA_READINGS, watchKafka } from './kafka-readings.ts';
import type { Log } from './log.ts';
import { describeError } from './log.ts';
import { MarketStreams } from './market-streams.ts';
import { createMetrics, registerReadings } from './metrics.ts';
import { RequestWeight } from './request-weight.ts';
import { createRestClient } from './rest-client.ts';
import { STREAM_LIMITS } from './stream-limits.ts';
import { pause, settledOrAborted } from './waiting.ts';
import { keepUniverse } from './watch-list.ts';

/** ECS kills 30 s after SIGTERM unless told otherwise; what has not been flushed by then is refilled by the next start. */
const FLUSH_MS = 15_000;

/** A hole stays ours for a day, or for as long as the lookback reaches. */
const KEEP_HOLES_MS = 24 * 3_600_000;

/** A broker that hangs does not refuse: a batch this long without an acknowledgement says that Kafka is away. */
const ACKNOWLEDGE_MS = 10_000;

/** Saying goodbye to a broker that does not answer is not worth more. */
const DISCONNECT_MS = 2000;

const WATCH_MS = 1000;
const CLOCK_EVERY_MS = 60_000;
const START_PAUSE = { baseMs: 500, capMs: 10_000 } as const;

/** Wires the exporter and runs it until `stop` is aborted and the queue is flushed; rejects for what a restart cannot mend. */
export async function runExporter(config: ExporterConfig, log: Log, stop: AbortSignal): Promise<void> {
  const metrics = createMetrics();
  const failed = new AbortController();
  const running = AbortSignal.any([stop, failed.signal]);
  const coverage = new Coverage();
  const clock = new ExchangeClock();
  const weight = new RequestWeight();
  const restHosts = new Hosts(config.restUrls);
  const count = (outcome: string) => metrics.restRequests.inc({ outcome });
  const api = createExchangeApi(createRestClient({ hosts: restHosts, weight, log, count }), (item) =>
    intake.reject(item, 'rest'),
  );

  const kafka = await createKafka(config, log);
  const producer = createProducer(kafka);
  const publisher = new CandlePublisher({
    send: createSend(producer),
    topic: config.topic,
    deadLetterTopic: config.deadLetterTopic,
    log,
    onBatch: () => {
      kafkaReachable = true;
      metrics.publishBatches.inc();
    },
    onFailure: (reason) => {
      kafkaReachable = false;
      kafkaTrouble = reason;
      metrics.publishFailures.inc();
    },
    onLettersLost: (letters) => metrics.deadLettersLost.inc(letters),
  });
  let kafkaReachable = false;
  let kafkaTrouble = 'not connected yet';
  let kafkaReadings = NO_KAFKA_READINGS;

  const intake = createIntake({
    coverage,
    clock,
    publisher,
    metrics,
    log,
    onClosed: (symbol) => streams.deadlines.closed(symbol),
    onHole: () => filler.wake(),
    onFuture: (symbol) => filler.resync([symbol]),
  });
  const filler = new HoleFiller({
    coverage,
    api,
    clock,
    publisher,
    intake,
    log,
    onFound: (minutes) => metrics.holesFound.inc(minutes),
    onLeft: (minutes) => metrics.holesLeft.inc(minutes),
    keepMs: Math.max(KEEP_HOLES_MS, config.backfillLookbackMs),
  });
  const streams = new MarketStreams({
    hosts: new Hosts(config.webSocketUrls),
    limits: STREAM_LIMITS,
    log,
    onFrame: (frame, connection) => {
      const effect = intake.onFrame(frame);
      if (effect === 'shutdown') streams.rotateAll('server-shutdown');
      if (effect === 'subscribe-refused') connection.close('subscribe-refused');
    },
    onForming: intake.onForming,
    onConnected: (slot) => filler.resync(slot.symbols),
    onReconnect: (reason) => metrics.reconnects.inc({ reason }),
    onRotation: (reason) => metrics.rotations.inc({ reason }),
    signal: running,
  });

  registerReadings(metrics.registry, {
    frames: () => intake.frames,
    published: () => intake.published,
    connections: () => streams.openConnections,
    publishQueue: () => publisher.queued,
    intakePaused: () => publisher.full,
    clockOffsetSeconds: () => clock.offsetMs / 1000,
    restWeight: () => weight.used,
    missingMinutes: () => {
      const exchange = filler.resting.count((symbol, openMs) => coverage.isMissing(symbol, openMs));
      return { exchange, pending: coverage.missingCount() - exchange };
    },
    kafka: () => kafkaReadings,
    lastCandleAges: () =>
      [...coverage.newestClosedMs()].map(([symbol, ms]) => [symbol, (clock.nowMs() - ms) / 1000] as const),
  });
  const server = await startHealthServer({
    host: config.metricsHost,
    port: config.metricsPort,
    registry: metrics.registry,
    readiness,
  });
  log.info('listening', { host: config.metricsHost, port: config.metricsPort });

  try {
    await connectKafka(producer);
    const giveUp = new AbortController();
    const sending = publisher.run(giveUp.signal);
    void sending.catch((error: unknown) => failed.abort(error));
    const watching = keepUniverse(
      {
        config,
        api,
        coverage,
        clock,
        streams,
        filler,
        metrics,
        log,
        restHosts,
        readAcknowledged: async (sinceMs) => readAcknowledged(kafka, config.topic, sinceMs, log),
      },
      running,
    );
    try {
      await Promise.all([watching, filler.run(running), watch(), measureClock(), watchReaders()]);
    } finally {
      failed.abort();
      await streams.stopped();
      await flush(sending, giveUp);
    }
  } finally {
    await close(server, producer);
  }

  async function flush(sending: Promise<void>, giveUp: AbortController): Promise<void> {
    publisher.stop();
    const timer = setTimeout(() => giveUp.abort(), FLUSH_MS);
    await sending;
    clearTimeout(timer);
    const left = { candles: publisher.queued, deadLetters: publisher.queuedDeadLetters };
    if (left.candles + left.deadLetters === 0) return;
    log.warn('unflushed', {
      ...left,
      reason: 'Kafka took too long: the next start fills the hole of candles',
    });
  }

  function readiness(): Readiness {
    const staleSymbols = streams.deadlines.stale();
    const reasons = [
      ...(kafkaReachable && publisher.unacknowledgedMs < ACKNOWLEDGE_MS
        ? []
        : [`Kafka has not acknowledged the last batch: ${kafkaReachable ? 'no answer' : kafkaTrouble}`]),
      ...(streams.allConnected ? [] : ['not every WebSocket connection is open']),
      ...(publisher.full ? ['the publish queue is full: intake is paused'] : []),
      ...(staleSymbols.length === 0
        ? []
        : [`${staleSymbols.length} symbols past the deadline of their closed candle`]),
    ];
    const symbols = streams.deadlines.watchedCount;
    return {
      ready: reasons.length === 0,
      reasons,
      connections: streams.openConnections,
      symbols,
      staleSymbols,
    };
  }

  /** Kafka may come up after us; a topic that is not there will not come by waiting. */
  async function connectKafka(connecting: Producer): Promise<void> {
    for (let attempt = 0; !running.aborted; attempt++) {
      try {
        await settledOrAborted(connecting.connect(), running);
        await settledOrAborted(requireTopics(kafka, [config.topic, config.deadLetterTopic]), running);
        kafkaReachable = !running.aborted;
        return;
      } catch (error) {
        if (error instanceof MissingTopicError) throw error;
        kafkaTrouble = describeError(error);
        log.warn('kafka-unreachable', { reason: kafkaTrouble });
        await pause(backoffMs(attempt, START_PAUSE), running);
      }
    }
  }

  async function watch(): Promise<void> {
    while (!running.aborted) {
      filler.resync(streams.deadlines.toFollow());
      const overdue = streams.rotateOverdue();
      if (overdue.length > 0) {
        log.warn('symbols-overdue', { count: overdue.length, first: overdue.slice(0, 5) });
        filler.resync(overdue);
      }
      await pause(WATCH_MS, running);
    }
  }

  async function watchReaders(): Promise<void> {
    const watching = watchKafka(kafka, config, log, (readings) => (kafkaReadings = readings), running);
    // a broker that hangs must not hold up the end
    await settledOrAborted(watching, running);
  }

  async function measureClock(): Promise<void> {
    // The first measurement is the watch list's, before it looks at Kafka.
    for (;;) {
      await pause(CLOCK_EVERY_MS, running);
      if (running.aborted) return;
      const time = await api.time(running).catch((error: unknown) => {
        if (!running.aborted) throw error;
      });
      if (time?.kind === 'ok') clock.measured(time.value.serverMs, time.value.sentMs, time.value.receivedMs);
    }
  }
}

async function close(server: Server, producer: Producer): Promise<void> {
  server.close();
  server.closeAllConnections();
  const gone = AbortSignal.timeout(DISCONNECT_MS);
  await Promise.all([once(server, 'close'), settledOrAborted(producer.disconnect(), gone)]);
}

import type { Candle, Rejected } from '#domain/candle.ts';
import { encodeCandle, keyOf } from '#domain/candle.ts';
import { toInstant } from '#domain/instant.ts';
import { DEAD_LETTER_HEADERS } from '#domain/topics.ts';
import { backoffMs } from './backoff.ts';
import type { Log } from './log.ts';
import { describeError } from './log.ts';
import { pause, settledOrAborted } from './waiting.ts';

export interface OutgoingMessage {
  readonly key: string | null;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends and waits for the acknowledgement of all in-sync replicas; throws `FatalSendError` where repeating is useless. */
export type Send = (topic: string, messages: readonly OutgoingMessage[]) => Promise<void>;

export class FatalSendError extends Error {
  override readonly name = 'FatalSendError';
}

/** The broker takes no request or message of this size. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

export interface PublisherOptions {
  readonly send: Send;
  readonly topic: string;
  readonly deadLetterTopic: string;
  readonly log: Log;
  readonly onBatch: (candles: readonly Candle[]) => void;
  /** A batch of candles was not acknowledged, and is sent again. */
  readonly onFailure: (reason: string) => void;
  /** Dead letters that the broker will not take, whatever is done. */
  readonly onLettersLost: (count: number) => void;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** 1,000 symbols for 20 minutes, about 20 MB: past it live candles are left to the backfill. */
export const MAX_QUEUED_CANDLES = 20_000;

/** A larger batch is refused by the broker as over 1 MB. */
export const MAX_BATCH_CANDLES = 1000;

/** Kept while Kafka is away; what comes on top is counted and logged, since an endless flood of garbage has no end. */
const MAX_QUEUED_DEAD_LETTERS = 10_000;
const MAX_QUEUED_DEAD_LETTER_BYTES = 32 * 1024 * 1024;

/** One message stays below the broker's 1 MB; of a larger frame the beginning is kept. */
const MAX_DEAD_LETTER_BYTES = 512 * 1024;

/** What a letter's headers take, about. */
const HEADER_BYTES = 512;

const RETRY = { baseMs: 200, capMs: 5000 } as const;

/** A bounded queue in front of Kafka, sent in order with one request in flight. */
export class CandlePublisher {
  readonly #options: PublisherOptions;
  readonly #candles: Candle[] = [];
  readonly #deadLetters: OutgoingMessage[] = [];
  #deadLetterBytes = 0;
  #wake = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();
  #stopping = false;
  /** Smaller on a topic that takes no request of the usual size. */
  #batchCap = MAX_BATCH_CANDLES;
  #letterFailures = 0;
  #lettersRest = false;
  #sendingSince: number | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  get queued(): number {
    return this.#candles.length;
  }

  get queuedDeadLetters(): number {
    return this.#deadLetters.length;
  }

  get full(): boolean {
    return this.#candles.length >= MAX_QUEUED_CANDLES;
  }

  /** How long the batch in flight has been waiting for its acknowledgement; 0 when there is none. */
  get unacknowledgedMs(): number {
    return this.#sendingSince === undefined ? 0 : performance.now() - this.#sendingSince;
  }

  /** Queues a candle; false when the queue is full and the caller has to remember the hole. */
  offer(candle: Candle): boolean {
    if (this.full) return false;
    this.#candles.push(candle);
    this.#wake.resolve();
    return true;
  }

  /** Keeps what could not be read; false when even that queue is full. */
  deadLetter(rejected: Rejected, origin: string): boolean {
    const { raw, reason, detail } = rejected;
    const cut = raw.length > MAX_DEAD_LETTER_BYTES;
    const value = Buffer.from(raw.subarray(0, MAX_DEAD_LETTER_BYTES));
    if (this.#deadLetters.length >= MAX_QUEUED_DEAD_LETTERS) return false;
    if (this.#deadLetterBytes + value.length > MAX_QUEUED_DEAD_LETTER_BYTES) return false;
    this.#deadLetterBytes += value.length;
    this.#deadLetters.push({
      key: null,
      value,
      headers: {
        [DEAD_LETTER_HEADERS.reason]: reason,
        [DEAD_LETTER_HEADERS.detail]: cut
          ? `first ${MAX_DEAD_LETTER_BYTES} of ${raw.length} bytes; ${detail}`
          : detail,
        [DEAD_LETTER_HEADERS.origin]: origin,
        [DEAD_LETTER_HEADERS.receivedTime]: toInstant((this.#options.now ?? Date.now)()),
      },
    });
    this.#wake.resolve();
    return true;
  }

  /** Settles when at least half of the queue is free. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.#candles.length > MAX_QUEUED_CANDLES / 2 && !signal.aborted) {
      await settledOrAborted(this.#room.promise, signal);
    }
  }

  /** Sends until `stop` was called and the queue is empty, or `giveUp` is aborted. Rejects on a FatalSendError only. */
  async run(giveUp: AbortSignal): Promise<void> {
    let failures = 0;
    while (!giveUp.aborted) {
      const idle = this.#candles.length === 0 && (this.#deadLetters.length === 0 || this.#lettersRest);
      if (idle) {
        if (this.#stopping && this.#deadLetters.length === 0) return;
        await settledOrAborted(this.#wake.promise, giveUp);
        this.#wake = Promise.withResolvers();
        continue;
      }
      try {
        this.#sendingSince = performance.now();
        await settledOrAborted(this.#sendCandles(), giveUp);
        failures = 0;
      } catch (error) {
        if (error instanceof FatalSendError) throw error;
        if (error instanceof TooLargeError) this.#batchCap = Math.max(1, Math.floor(this.#batchCap / 2));
        const reason = describeError(error);
        this.#options.onFailure(reason);
        const pauseMs = backoffMs(failures, RETRY, this.#options.random);
        failures += 1;
        this.#options.log.warn('publish-failed', { reason, failures, queued: this.queued });
        await pause(pauseMs, giveUp);
      } finally {
        this.#sendingSince = undefined;
      }
      // Beside the candles, and with pauses of their own: garbage that can't be kept must not hold a candle up.
      if (!this.#lettersRest) await settledOrAborted(this.#sendLetters(), giveUp);
    }
  }

  /** No more will be offered: `run` ends when all is sent. */
  stop(): void {
    this.#stopping = true;
    this.#wake.resolve();
  }

  async #sendCandles(): Promise<void> {
    const batch = this.#candles.slice(0, this.#batchCap);
    if (batch.length === 0) return;
    const { send, topic, onBatch, now = Date.now } = this.#options;
    const publishedTime = toInstant(now());
    await send(
      topic,
      batch.map((candle) => ({ key: keyOf(candle), value: encodeCandle({ ...candle, publishedTime }) })),
    );
    this.#candles.splice(0, batch.length);
    onBatch(batch);
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }

  /** Rejects on a FatalSendError only. */
  async #sendLetters(): Promise<void> {
    const batch = this.#nextLetters();
    if (batch.length === 0) return;
    const { send, deadLetterTopic, log, onLettersLost, random } = this.#options;
    try {
      await send(deadLetterTopic, batch);
    } catch (error) {
      if (error instanceof FatalSendError) throw error;
      const reason = describeError(error);
      if (!(error instanceof TooLargeError)) {
        const pauseMs = backoffMs(this.#letterFailures, RETRY, random);
        this.#letterFailures += 1;
        log.warn('dead-letters-waiting', { reason, queued: this.queuedDeadLetters });
        this.#lettersRest = true;
        setTimeout(() => {
          this.#lettersRest = false;
          this.#wake.resolve();
        }, pauseMs).unref();
        return;
      }
      log.error('dead-letters-lost', { reason, count: batch.length });
      onLettersLost(batch.length);
    }
    this.#letterFailures = 0;
    this.#deadLetters.splice(0, batch.length);
    for (const { value } of batch) this.#deadLetterBytes -= value.length;
  }

  /** As many as stay together below what a single one may have. */
  #nextLetters(): readonly OutgoingMessage[] {
    let bytes = 0;
    const tooMany = this.#deadLetters.findIndex(
      ({ value }) => (bytes += value.length + HEADER_BYTES) > MAX_DEAD_LETTER_BYTES + HEADER_BYTES,
    );
    return this.#deadLetters.slice(0, tooMany < 0 ? this.#deadLetters.length : Math.max(1, tooMany));
  }
}

import type { Candle, Rejected } from '#domain/candle.ts';
import { encodeCandle, keyOf, toInstant } from '#domain/candle.ts';
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

export interface PublisherOptions {
  readonly send: Send;
  readonly topic: string;
  readonly deadLetterTopic: string;
  readonly log: Log;
  readonly onBatch: (candles: readonly Candle[]) => void;
  readonly onFailure: () => void;
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
  #sendingSince: number | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  get queued(): number {
    return this.#candles.length;
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
      if (this.#candles.length === 0 && this.#deadLetters.length === 0) {
        if (this.#stopping) return;
        await settledOrAborted(this.#wake.promise, giveUp);
        this.#wake = Promise.withResolvers();
        continue;
      }
      try {
        this.#sendingSince = performance.now();
        await settledOrAborted(this.#sendOnce(), giveUp);
        failures = 0;
      } catch (error) {
        if (error instanceof FatalSendError) throw error;
        this.#options.onFailure();
        const pauseMs = backoffMs(failures, RETRY, this.#options.random);
        failures += 1;
        this.#options.log.warn('publish-failed', {
          reason: describeError(error),
          failures,
          queued: this.queued,
        });
        await pause(pauseMs, giveUp);
      } finally {
        this.#sendingSince = undefined;
      }
    }
  }

  /** No more will be offered: `run` ends when all is sent. */
  stop(): void {
    this.#stopping = true;
    this.#wake.resolve();
  }

  async #sendOnce(): Promise<void> {
    const { send, topic, deadLetterTopic, onBatch, now = Date.now } = this.#options;
    const batch = this.#candles.slice(0, MAX_BATCH_CANDLES);
    if (batch.length > 0) {
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
    const letter = this.#deadLetters[0];
    if (letter === undefined) return;
    await send(deadLetterTopic, [letter]);
    this.#deadLetters.shift();
    this.#deadLetterBytes -= letter.value.length;
  }
}

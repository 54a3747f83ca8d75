/** Binance's limits, each adjustable so that a test can reach it; times are wall clock. */
export interface ExchangeLimits {
  readonly streamsPerConnection: number;
  /** Text messages, pings and pongs of a client, together. */
  readonly messagesPerSecond: number;
  readonly connectionAttempts: number;
  readonly attemptWindowMs: number;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly connectionLifeMs: number;
  /** Between the `serverShutdown` notice and the end of a connection. */
  readonly shutdownNoticeMs: number;
  readonly urlLength: number;
  readonly weightPerMinute: number;
  /** Requests answered 429 within a minute before the address is banned with 418. */
  readonly refusalsBeforeBan: number;
  readonly banMs: number;
}

/** Source: web-socket-streams.md and rest-api.md of Binance's spot documents; the last two entries are of our choosing. */
export const BINANCE_LIMITS: ExchangeLimits = {
  streamsPerConnection: 1024,
  messagesPerSecond: 5,
  connectionAttempts: 300,
  attemptWindowMs: 300_000,
  pingEveryMs: 20_000,
  pongWithinMs: 60_000,
  connectionLifeMs: 24 * 3_600_000,
  shutdownNoticeMs: 10_000,
  urlLength: 8000,
  weightPerMinute: 6000,
  refusalsBeforeBan: 10,
  banMs: 120_000,
};

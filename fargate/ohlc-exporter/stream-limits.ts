/** What the exchange allows and what we allow it; source: Binance's web-socket-streams.md. */
export interface StreamLimits {
  readonly streamsPerConnection: number;
  /** A connection is cut after 24 h; it is replaced an hour before that. */
  readonly maxAgeMs: number;
  readonly handshakeTimeoutMs: number;
  /** Pings come every 20 s, and ours is answered: this long without a byte, the socket is half open. */
  readonly silenceMs: number;
  /** Every symbol closes a candle each minute, so this long without one frame is a fault though pings are answered. */
  readonly dataSilenceMs: number;
  /** Since a symbol's last closed candle; one was reported 30 s late. */
  readonly closedDeadlineMs: number;
  readonly controlPauseMs: number;
  readonly reconnectPause: { readonly baseMs: number; readonly capMs: number };
  /** How long the old socket still delivers beside the new one. */
  readonly overlapMs: number;
}

export const STREAM_LIMITS: StreamLimits = {
  streamsPerConnection: 1024,
  maxAgeMs: 23 * 3_600_000,
  handshakeTimeoutMs: 10_000,
  silenceMs: 30_000,
  dataSilenceMs: 70_000,
  closedDeadlineMs: 95_000,
  // Three a second leave room for the answers to pings under the limit of five.
  controlPauseMs: 334,
  reconnectPause: { baseMs: 1000, capMs: 60_000 },
  overlapMs: 2000,
};

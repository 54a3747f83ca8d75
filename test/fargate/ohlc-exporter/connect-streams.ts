import { afterEach, expect, vi } from 'vitest';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { MarketStreams } from '#fargate/ohlc-exporter/market-streams.ts';
import type { StreamConnection } from '#fargate/ohlc-exporter/stream-connection.ts';
import { STREAM_LIMITS } from '#fargate/ohlc-exporter/stream-limits.ts';
import type { StreamLimits } from '#fargate/ohlc-exporter/stream-limits.ts';
import { recordedFrame } from '#test/recorded-frame.ts';
import { recordingLog } from '#test/recording-log.ts';

export const FRAME = '{"stream":"btcusdt@kline_1m","data":{"e":"kline"}}';
/** One that the exporter need not read. */
export const FORMING = recordedFrame('kline-forming-combined').toString();
const QUICK: Partial<StreamLimits> = {
  reconnectPause: { baseMs: 10, capMs: 40 },
  controlPauseMs: 5,
  overlapMs: 20,
  handshakeTimeoutMs: 500,
};
const stop: AbortController[] = [];

afterEach(() => {
  for (const controller of stop.splice(0)) controller.abort();
});

/** The streams with short pauses, on servers of the test; stopped after it. */
export function connect(
  urls: readonly string[],
  limits: Partial<StreamLimits> = {},
  react: (connection: StreamConnection) => void = () => {},
) {
  const controller = new AbortController();
  stop.push(controller);
  const seen = { frames: 0, forming: 0, connected: 0, reconnects: [] as string[], rotations: [] as string[] };
  const { log, lines } = recordingLog();
  const streams = new MarketStreams({
    hosts: new Hosts(urls),
    limits: { ...STREAM_LIMITS, ...QUICK, ...limits },
    log,
    onFrame: (_, connection) => {
      seen.frames += 1;
      react(connection);
    },
    onForming: (frames) => (seen.forming += frames),
    onConnected: () => (seen.connected += 1),
    onReconnect: (reason) => seen.reconnects.push(reason),
    onRotation: (reason) => seen.rotations.push(reason),
    signal: controller.signal,
  });
  return { streams, seen, lines, abort: () => controller.abort() };
}

export const until = async (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 8000, interval: 5 });

import type { Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { readStreamFrame } from '#domain/kline-event.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { MarketStreams } from '#fargate/ohlc-exporter/market-streams.ts';
import { STREAM_LIMITS } from '#fargate/ohlc-exporter/stream-limits.ts';
import { startStreamServer } from '#test/fargate/ohlc-exporter/stream-server.ts';
import type { StreamServer } from '#test/fargate/ohlc-exporter/stream-server.ts';
import { recordingLog } from '#test/recording-log.ts';
import { candleOf, CANDLES, FRAMES, NEIGHBOURS, neighbourFrame, startFramePath } from './frame-stand.ts';
import { mutate } from './mutate.ts';
import { faultSeed, randomFrom } from './random.ts';
import type { Random } from './random.ts';

const FRAMES_SENT = 5000;
const BROKEN_CONNECTIONS = 200;

vi.setConfig({ testTimeout: 120_000 });
const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 20_000, interval: 5 });

/** The exporter's streams on a server of the test, wired to its way to Kafka as the exporter wires them. */
async function startOn(server: StreamServer) {
  const candles: string[] = [];
  const path = startFramePath((topic, message) => {
    if (topic !== CANDLES) return;
    const { symbol, openTime, open } = candleOf(message);
    candles.push(`${symbol} ${openTime} ${open}`);
  });
  const stop = new AbortController();
  const reconnects: string[] = [];
  const streams: MarketStreams = new MarketStreams({
    hosts: new Hosts([server.url]),
    limits: { ...STREAM_LIMITS, reconnectPause: { baseMs: 1, capMs: 4 }, controlPauseMs: 1, overlapMs: 1 },
    log: recordingLog().log,
    onFrame: (frame, connection) => {
      const effect = path.intake.onFrame(frame);
      if (effect === 'shutdown') streams.rotateAll('server-shutdown');
      if (effect === 'subscribe-refused') connection.close('subscribe-refused');
    },
    onForming: path.intake.onForming,
    onConnected: () => {},
    onReconnect: (reason) => reconnects.push(reason),
    onRotation: () => {},
    signal: stop.signal,
  });
  onTestFinished(async () => {
    stop.abort();
    await streams.stopped();
    await path[Symbol.asyncDispose]();
  });
  await streams.add(['BTCUSDT', ...NEIGHBOURS]);
  await until(() => server.sockets.length === 1);
  return { path, streams, candles, reconnects };
}

/** As `startOn` notes what was sent by neighbourFrame. */
const noted = (symbol: string, minute: number) => {
  const read = readStreamFrame(neighbourFrame(symbol, minute), 0);
  return read.kind === 'closed' ? `${symbol} ${read.candle.openTime} ${read.candle.open}` : 'no candle';
};

test('over a real socket, thousands of broken messages hide no candle between them', async () => {
  const random = randomFrom(faultSeed('socket'));
  await using server = await startStreamServer();
  const { path, candles, reconnects } = await startOn(server);
  const [socket] = server.sockets;
  const expected: string[] = [];
  let sent = 0;
  for (let minute = 0; sent < FRAMES_SENT; minute++) {
    for (const symbol of NEIGHBOURS) {
      for (let one = 0; one < 4; one++, sent++) socket?.send(quiet(random), { binary: random.once(2) });
      socket?.send(neighbourFrame(symbol, minute), { binary: false });
      expected.push(noted(symbol, minute));
      sent += 1;
    }
    path.tick();
    // oxlint-disable-next-line no-await-in-loop -- the exchange's clock has gone on only now
    await vi.waitFor(() => expect(path.intake.frames).toBe(sent), { timeout: 20_000, interval: 1 });
  }
  await path.drained();
  const own = new Set(NEIGHBOURS);
  expect(candles.filter((candle) => own.has(candle.split(' ')[0] ?? ''))).toEqual(expected);
  expect(reconnects).toEqual([]);
  expect(await path.count(EXPORTER_METRICS.rejected.name)).toBeGreaterThan(1000);
});

/** Broken, but asking for no new connection, and text: a socket of its own is for what is not. */
function quiet(random: Random): Buffer {
  for (;;) {
    const frame = mutate(random, FRAMES);
    const read = readStreamFrame(frame, 0);
    const isText = Buffer.compare(Buffer.from(frame.toString()), frame) === 0;
    if (isText && read.kind !== 'shutdown' && !(read.kind === 'reply' && read.error)) return frame;
  }
}

test('bytes that are no WebSocket frames end a connection and nothing else: the next one delivers', async () => {
  const random = randomFrom(faultSeed('socket bytes'));
  await using server = await startStreamServer();
  const { path, candles, reconnects } = await startOn(server);
  const expected: string[] = [];
  for (let round = 0; round < BROKEN_CONNECTIONS; round++) {
    const socket = server.sockets.at(-1);
    if (socket === undefined) throw new Error('expected a connection');
    const symbol = NEIGHBOURS[round % NEIGHBOURS.length] ?? '';
    const minute = Math.floor(round / NEIGHBOURS.length);
    socket.send(neighbourFrame(symbol, minute));
    expected.push(noted(symbol, minute));
    const raw = rawSocketOf(socket);
    raw.write(notAFrame(random));
    // oxlint-disable-next-line no-await-in-loop -- one connection after the other
    await until(() => server.sockets.length === round + 2);
    if (symbol === NEIGHBOURS.at(-1)) path.tick();
  }
  await until(() => candles.length === expected.length);
  expect(candles).toEqual(expected);
  expect(reconnects.length).toBe(BROKEN_CONNECTIONS);
});

/** Reserved bits, reserved opcodes, a length beyond what is taken, a masked answer, a fragmented ping, text that is no UTF-8. */
const NOT_HEADS: readonly [readonly number[], ...(readonly number[])[]] = [
  [0xf1, 0x02],
  [0x83, 0x02],
  [0x8f, 0x02],
  [0x81, 0x7f, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x81, 0x82],
  [0x09, 0x02],
  [0x80, 0x02],
  [0x89, 0x7e, 0x00, 0x80],
  [0x81, 0x02, 0xc3, 0x28],
  [0x88, 0x01, 0x00],
];

function notAFrame(random: Random): Buffer {
  const noise = Buffer.from(Array.from({ length: 16 }, () => random.below(256)));
  return Buffer.concat([Buffer.from(random.pick(NOT_HEADS)), noise]);
}

/** `ws` has it, and shows it to nobody. */
function rawSocketOf(socket: WebSocket): Socket {
  return Reflect.get(socket, '_socket') as Socket; // by the source of ws 8
}

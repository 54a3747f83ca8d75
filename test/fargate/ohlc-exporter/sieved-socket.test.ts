import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameSieve } from '#fargate/ohlc-exporter/frame-sieve.ts';
import { connectThrough } from '#fargate/ohlc-exporter/sieved-socket.ts';
import { recordedFrame } from '#test/recorded-frame.ts';
import { portOf } from './port-of.ts';
import { selfSigned } from './self-signed.ts';

const FORMING = recordedFrame('kline-forming-combined').toString();
const CLOSED = recordedFrame('kline-closed-combined').toString();

/** More than a socket takes at once, many times over. */
const MINUTES = 500;
const FORMING_IN_A_MINUTE = 29;
/** So many that of some reads nothing is left but parts of a frame. */
const FORMING_AT_FIRST = 5000;
const FORMING_IN_ALL = FORMING_AT_FIRST + MINUTES * FORMING_IN_A_MINUTE;

test.each(['ws', 'wss'] as const)(
  'over %s a reader gets every closed candle, and nearly no other',
  async (scheme) => {
    await using server = await startMarket(scheme);
    const sieve = new FrameSieve();
    let sifted = 0;
    sieve.onForming = (frames) => (sifted += frames);
    const socket = new WebSocket(server.url, {
      perMessageDeflate: false,
      ca: server.ca,
      createConnection: connectThrough(sieve, server.url),
    });
    const read: string[] = [];
    socket.on('message', (data: Buffer) => read.push(data.toString()));
    await once(socket, 'open');
    socket.send('begin');
    // whatever is taken out, a ping is answered and the end is heard of
    await server.pongAfterAll;
    const [code] = await once(socket, 'close');
    expect(code).toBe(1001);
    expect(read.filter((text) => text !== FORMING)).toEqual(
      Array.from({ length: MINUTES }, (_, minute) => closedOf(minute)),
    );
    expect(sifted + read.length).toBe(FORMING_IN_ALL + MINUTES);
    expect(sifted).toBeGreaterThan(0.8 * FORMING_IN_ALL);
  },
);

/** Told apart by its number, so that none may be lost, repeated or out of order. */
function closedOf(minute: number): string {
  return `${CLOSED}${' '.repeat(minute)}`;
}

/** Sends all minutes to who says a word, then a ping, and closes once that is answered. */
async function startMarket(scheme: 'ws' | 'wss') {
  const pem = scheme === 'wss' ? selfSigned() : undefined;
  const server = pem === undefined ? createServer() : createTlsServer({ key: pem, cert: pem });
  const pong = Promise.withResolvers<void>();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.once('message', () => {
      for (let update = 0; update < FORMING_AT_FIRST; update += 1) socket.send(FORMING);
      for (let minute = 0; minute < MINUTES; minute += 1) {
        for (let update = 0; update < FORMING_IN_A_MINUTE; update += 1) socket.send(FORMING);
        socket.send(closedOf(minute));
      }
      socket.ping();
    });
    socket.on('pong', () => {
      pong.resolve();
      socket.close(1001);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://127.0.0.1:${portOf(server)}`,
    ca: pem,
    pongAfterAll: pong.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

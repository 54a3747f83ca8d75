import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import * as z from 'zod';
import { baseAsset } from '#bench/decode/market.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Market } from './market.ts';
import { frameOf, openMsOf } from './market.ts';

export interface BoundaryExchange extends AsyncDisposable {
  /** Every symbol is subscribed to by somebody. */
  readonly allSubscribed: () => boolean;
  /** Closes the minute that is forming, of all symbols at once; returns when the frames were handed to the sockets, ms since 1970. */
  readonly closeMinute: () => number;
}

interface Reader {
  readonly socket: Socket;
  readonly combined: boolean;
  readonly subscribed: Set<number>;
}

/** As Binance sends an update of each symbol. */
const UPDATE_EVERY_MS = 2000;

/**
 * Speaks as much of Binance's streams and REST as both contestants ask for. Minutes end when it is told, not by the clock;
 * its frames are made beforehand and go out in one write a socket.
 */
export async function startBoundaryExchange(market: Market, port: number): Promise<BoundaryExchange> {
  const { symbols } = market;
  const indexOf = new Map(symbols.map((symbol, index) => [`${symbol.toLowerCase()}@kline_1m`, index]));
  const readers = new Set<Reader>();
  let minute = 0;
  let updates: NodeJS.Timeout | undefined;
  let prepared: ReadonlyMap<Reader, Buffer> | undefined;

  const bytesFor = ({ combined, subscribed }: Reader, closed: boolean) =>
    Buffer.concat(
      [...subscribed].flatMap((index) => {
        const frame = frameOf(market, index, minute, closed);
        const payload = combined ? frame.combined : frame.raw;
        return [textHeader(payload.length), payload];
      }),
    );
  const prepare = () => new Map([...readers].map((reader) => [reader, bytesFor(reader, true)]));
  /** The first update half a pause after a minute's end, so that none comes together with the next one. */
  const startUpdates = () => {
    clearTimeout(updates);
    const update = () => {
      for (const reader of readers) reader.socket.write(bytesFor(reader, false));
      updates = setTimeout(update, UPDATE_EVERY_MS);
    };
    updates = setTimeout(() => {
      prepared = prepare();
      update();
    }, UPDATE_EVERY_MS / 2);
  };

  // half a minute on, so that no clock that is set by this one can be a minute off
  const nowMs = () => openMsOf(market, minute) + MINUTE_MS / 2;
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(restAnswer(request.url ?? '/', symbols, nowMs())));
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (webSocket, request) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { socket } = request;
    const reader = { socket, combined: url.pathname === '/stream', subscribed: new Set<number>() };
    readers.add(reader);
    const subscribe = (streams: readonly string[]) => {
      for (const stream of streams) {
        const index = indexOf.get(stream);
        if (index !== undefined) reader.subscribed.add(index);
      }
      prepared = undefined;
    };
    webSocket.on('error', () => undefined);
    webSocket.on('close', () => readers.delete(reader));
    webSocket.on('message', (data: Buffer) => {
      const message = subscribeSchema.safeParse(JSON.parse(data.toString()));
      if (!message.success) return;
      webSocket.send(JSON.stringify({ result: null, id: message.data.id }));
      subscribe(message.data.params);
    });
    subscribe(url.searchParams.get('streams')?.split('/') ?? []);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    allSubscribed: () =>
      new Set([...readers].flatMap(({ subscribed }) => [...subscribed])).size === symbols.length,
    closeMinute: () => {
      const writes = prepared ?? prepare();
      const writtenMs = preciseNow();
      for (const [{ socket }, bytes] of writes) socket.write(bytes);
      prepared = undefined;
      minute += 1;
      startUpdates();
      return writtenMs;
    },
    [Symbol.asyncDispose]: async () => {
      clearTimeout(updates);
      for (const { socket } of readers) socket.destroy();
      await gone(server);
    },
  };
}

/** Milliseconds since 1970 with their fractions. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}

const subscribeSchema = z.object({
  method: z.literal('SUBSCRIBE'),
  params: z.array(z.string()),
  id: z.union([z.number(), z.string()]),
});

/** A final, unmasked text frame whose length takes two bytes. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function textHeader(length: number): Buffer {
  if (length < 126 || length > 0xffff) throw new RangeError(`expected 126 to 65,535 bytes, got ${length}`);
  return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
}

/** Without history: nobody asks for what closed before it listens. */
function restAnswer(url: string, symbols: readonly string[], nowMs: number): unknown {
  if (url.includes('/time')) return { serverTime: nowMs };
  if (!url.includes('/exchangeInfo')) return [];
  const listed = symbols.map((symbol, index) => ({
    symbol,
    status: 'TRADING',
    baseAsset: baseAsset(index),
    quoteAsset: 'USDT',
  }));
  return { timezone: 'UTC', serverTime: nowMs, symbols: listed };
}

async function gone(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

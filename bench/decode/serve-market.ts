import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import * as z from 'zod';
import { baseAsset } from './market.ts';

/** One connection and what it asked for. */
export interface Reader {
  readonly socket: Socket;
  /** By `/stream`, where frames are wrapped, rather than `/ws`. */
  readonly combined: boolean;
  /** Places in the list of symbols. */
  readonly subscribed: ReadonlySet<number>;
}

interface Market {
  readonly symbols: readonly string[];
  /** The exchange's clock, ms since 1970. */
  readonly nowMs: () => number;
  /** Once for each connection, as soon as there is somebody who has subscribed to every symbol, over as many as he likes. */
  readonly send: (reader: Reader) => Promise<void>;
}

/**
 * Speaks Binance's market streams, raw and combined, by address and by SUBSCRIBE, and as much of its REST as a client
 * needs to begin. Resolves to its port on loopback.
 */
export async function serveMarket({ symbols, nowMs, send }: Market): Promise<number> {
  const indexOf = new Map(symbols.map((symbol, index) => [symbol.toLowerCase(), index]));
  const waiting = new Map<Reader, Set<number>>();

  function subscribe(reader: Reader, streams: readonly string[]): void {
    const subscribed = waiting.get(reader);
    for (const stream of streams) {
      const index = indexOf.get(stream.replace('@kline_1m', ''));
      if (index !== undefined) subscribed?.add(index);
    }
    const all = new Set([...waiting.values()].flatMap((some) => [...some]));
    if (all.size < symbols.length) return;
    const ready = [...waiting.keys()];
    waiting.clear();
    // After the answer to the handshake, which is still to be written.
    setImmediate(() => ready.forEach((one) => void send(one)));
  }

  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(restAnswer(request.url ?? '/', symbols, nowMs())));
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (webSocket, request) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const subscribed = new Set<number>();
    const reader: Reader = { socket: request.socket, combined: url.pathname === '/stream', subscribed };
    waiting.set(reader, subscribed);
    webSocket.on('error', () => undefined);
    webSocket.on('close', () => waiting.delete(reader));
    webSocket.on('message', (data: Buffer) => {
      const message = controlSchema.safeParse(JSON.parse(data.toString()));
      if (!message.success) return;
      webSocket.send(JSON.stringify({ result: null, id: message.data.id }));
      subscribe(reader, message.data.params);
    });
    subscribe(reader, [
      ...(url.searchParams.get('streams') ?? '').split('/'),
      ...url.pathname.split('/').slice(2),
    ]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // a server on TCP has an address with a port
  return (server.address() as AddressInfo).port;
}

const controlSchema = z.object({
  method: z.literal('SUBSCRIBE'),
  params: z.array(z.string()),
  id: z.union([z.number(), z.string()]),
});

/** Resolves once the socket takes more, or is gone. */
export async function roomIn(socket: Socket): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    once(socket, 'drain', { signal: over.signal }),
    once(socket, 'close', { signal: over.signal }),
  ]).catch(() => undefined);
  over.abort();
}

/** A final, unmasked text frame whose length takes two bytes. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
export function textHeader(length: number): Buffer {
  if (length < 126 || length > 0xffff) throw new RangeError(`expected 126 to 65,535 bytes, got ${length}`);
  return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
}

function restAnswer(url: string, symbols: readonly string[], serverTime: number): unknown {
  if (url.includes('/time')) return { serverTime };
  if (!url.includes('/exchangeInfo')) return [];
  return {
    timezone: 'UTC',
    serverTime,
    rateLimits: [],
    exchangeFilters: [],
    symbols: symbols.map((symbol, index) => ({
      symbol,
      status: 'TRADING',
      baseAsset: baseAsset(index),
      quoteAsset: 'USDT',
      baseAssetPrecision: 8,
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ['LIMIT'],
      isSpotTradingAllowed: true,
      isMarginTradingAllowed: false,
      permissions: ['SPOT'],
      permissionSets: [['SPOT']],
      filters: [
        {
          filterType: 'PRICE_FILTER',
          minPrice: '0.01000000',
          maxPrice: '10000000.00000000',
          tickSize: '0.01000000',
        },
        { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
      ],
    })),
  };
}

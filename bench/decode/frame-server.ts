import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import * as z from 'zod';
import { readCase } from '#bench/run/contestant.ts';
import { baseAsset, FRAMES_PER_CANDLE, symbolNames, updateOf } from './market.ts';

/**
 * Speaks Binance's market streams, raw and combined, by address and by SUBSCRIBE. As soon as a client has subscribed to
 * every symbol, over as many connections as it likes, it gets all frames as fast as it reads, made beforehand.
 * Says its port on stdout.
 */
const { symbols: count, frames } = readCase('symbols', 'frames');
const symbols = symbolNames(count);
const indexOf = new Map(symbols.map((symbol, index) => [symbol.toLowerCase(), index]));
const minutes = frames / count / FRAMES_PER_CANDLE;

interface Reader {
  readonly socket: Socket;
  readonly combined: boolean;
  readonly subscribed: Set<number>;
}

const waiting = new Set<Reader>();
const made = new Map<string, readonly Buffer[]>();

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(restAnswer(request.url ?? '/')));
});

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (webSocket, request) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const reader: Reader = {
    socket: request.socket,
    combined: url.pathname === '/stream',
    subscribed: new Set(),
  };
  waiting.add(reader);
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
console.log((server.address() as AddressInfo).port);

const controlSchema = z.object({
  method: z.literal('SUBSCRIBE'),
  params: z.array(z.string()),
  id: z.union([z.number(), z.string()]),
});

function subscribe(reader: Reader, streams: readonly string[]): void {
  for (const stream of streams) {
    const index = indexOf.get(stream.replace('@kline_1m', ''));
    if (index !== undefined) reader.subscribed.add(index);
  }
  const all = new Set([...waiting].flatMap(({ subscribed }) => [...subscribed]));
  if (all.size < count) return;
  const ready = [...waiting];
  waiting.clear();
  // After the answer to the handshake, which is still to be written.
  setImmediate(() => ready.forEach((one) => void send(one)));
}

/** About as much as a socket takes at once. */
const WRITE_BYTES = 64 * 1024;

async function send({ socket, combined, subscribed }: Reader): Promise<void> {
  const writes = writesFor(
    [...subscribed].toSorted((a, b) => a - b),
    combined,
  );
  for (const bytes of writes) {
    if (socket.destroyed) return;
    if (socket.write(bytes)) continue;
    const over = new AbortController();
    await Promise.race([
      once(socket, 'drain', { signal: over.signal }),
      once(socket, 'close', { signal: over.signal }),
    ]).catch(() => undefined);
    over.abort();
  }
}

/**
 * All that one connection gets, kept for the next contestant that asks for the same. Each write is of whole frames, since
 * the answer to a ping may come between two of them.
 */
function writesFor(indexes: readonly number[], combined: boolean): readonly Buffer[] {
  const key = `${combined} ${indexes.join(' ')}`;
  const known = made.get(key);
  if (known) return known;
  const writes: Buffer[] = [];
  let parts: Buffer[] = [];
  let bytes = 0;
  const cut = () => {
    writes.push(Buffer.concat(parts));
    parts = [];
    bytes = 0;
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let update = 0; update < FRAMES_PER_CANDLE; update += 1) {
      for (const index of indexes) {
        const { combined: whole, raw } = updateOf(symbols[index] ?? '', index, minute, update);
        const payload = combined ? whole : raw;
        parts.push(textHeader(payload.length), payload);
        bytes += payload.length;
        if (bytes > WRITE_BYTES) cut();
      }
    }
  }
  cut();
  made.set(key, writes);
  return writes;
}

/** A final, unmasked text frame whose length takes two bytes. https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function textHeader(length: number): Buffer {
  if (length < 126 || length > 0xffff) throw new RangeError(`expected 126 to 65,535 bytes, got ${length}`);
  return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
}

function restAnswer(url: string): unknown {
  if (url.includes('/time')) return { serverTime: Date.now() };
  if (!url.includes('/exchangeInfo')) return [];
  return {
    timezone: 'UTC',
    serverTime: Date.now(),
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

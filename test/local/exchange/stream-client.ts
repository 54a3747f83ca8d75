import { once } from 'node:events';
import { WebSocket } from 'ws';
import { manualClock } from '#local/exchange/clock.ts';
import type { ManualClock } from '#local/exchange/clock.ts';
import { startExchange } from '#local/exchange/start.ts';
import type { Exchange, ExchangeOptions } from '#local/exchange/start.ts';

/** Half a minute before a full one. */
export const START_MS = Date.parse('2026-01-01T00:00:30.000Z');
export const MINUTE = Math.floor(START_MS / 60_000);

const OUT_OF_REACH = 10 ** 12;

/** An exchange whose time stands still until it is advanced; closed frames go out at the minute's end. */
export async function stillExchange(
  options: ExchangeOptions = {},
): Promise<{ readonly exchange: Exchange; readonly clock: ManualClock }> {
  const clock = manualClock(START_MS);
  const limits = { messagesPerSecond: 1000, pingEveryMs: OUT_OF_REACH, ...options.limits };
  return {
    exchange: await startExchange({ symbols: 6, closeLagMs: 0, ...options, wall: clock, limits }),
    clock,
  };
}

export interface Kline {
  readonly stream?: string;
  readonly E: number;
  readonly s: string;
  readonly k: {
    readonly t: number;
    readonly T: number;
    readonly f: number;
    readonly L: number;
    readonly n: number;
    readonly x: boolean;
    readonly [field: string]: string | number | boolean;
  };
}

export interface StreamClient extends AsyncDisposable {
  readonly socket: WebSocket;
  /** Everything that came so far, in order. */
  readonly texts: readonly string[];
  /** Waits until all that was sent before has come, by an answer that comes after it. */
  settle(): Promise<void>;
  ask(request: object | string): Promise<unknown>;
  klines(): readonly Kline[];
  closed(symbol?: string): readonly Kline[];
  /** Waits for the end and says its code. */
  ended(): Promise<number>;
}

export async function openStream(
  url: string,
  options: { readonly autoPong?: boolean } = {},
): Promise<StreamClient> {
  const socket = new WebSocket(url, options);
  const texts: string[] = [];
  const end = new Promise<number>((resolve) => {
    socket.once('close', resolve);
  });
  socket.on('message', (data: Buffer) => texts.push(data.toString('utf8')));
  socket.on('error', () => undefined); // seen by `once` below while opening, by the close code afterwards
  await once(socket, 'open');
  let lastId = 1_000_000;
  const client: StreamClient = {
    socket,
    texts,
    async settle() {
      lastId += 1;
      const id = lastId;
      await client.ask({ method: 'GET_PROPERTY', params: ['combined'], id });
    },
    async ask(request) {
      const reply = new Promise<unknown>((resolve, reject) => {
        const listen = (data: Buffer) => {
          const text = data.toString('utf8');
          if (!/^\{"(result|error)":/.test(text)) return;
          socket.off('message', listen);
          texts.splice(texts.indexOf(text), 1);
          resolve(JSON.parse(text));
        };
        socket.on('message', listen);
        end.then((code) => reject(new Error(`closed with ${code}`)), reject);
      });
      socket.send(typeof request === 'string' ? request : JSON.stringify(request));
      return reply;
    },
    klines: () => texts.filter((text) => text.includes('"kline"')).flatMap(readKline),
    closed: (symbol) => client.klines().filter(({ s, k }) => k.x && (symbol === undefined || s === symbol)),
    ended: () => end,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await end;
    },
  };
  return client;
}

/** A text that is no JSON is left out: tests of broken frames look at the texts. */
function readKline(text: string): Kline[] {
  try {
    const value = JSON.parse(text) as { stream?: string; data?: Kline } & Kline; // what this exchange sends
    return [value.data ? { ...value.data, stream: value.stream ?? '' } : value];
  } catch {
    return [];
  }
}

/** The columns of a REST row that a kline event has too, in the row's order. */
export function rowOf({ k }: Kline): unknown[] {
  return [k.t, k['o'], k['h'], k['l'], k['c'], k['v'], k.T, k['q'], k.n, k['V'], k['Q'], k['B']];
}

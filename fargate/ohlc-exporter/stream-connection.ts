import { WebSocket } from 'ws';
import { FrameSieve } from './frame-sieve.ts';
import { askedPauseMs } from './retry-after.ts';
import { connectThrough } from './sieved-socket.ts';
import { pause } from './waiting.ts';

/** Why a connection is over, or did not come about; fit for a metric label. */
export const RECONNECT_REASONS = [
  'closed',
  'error',
  'silent',
  'subscribe-refused',
  'ours',
  'connect-failed',
] as const;
export type ReconnectReason = (typeof RECONNECT_REASONS)[number];
type EndReason = Exclude<ReconnectReason, 'connect-failed'>;

export type OpenResult =
  | { readonly kind: 'open'; readonly connection: StreamConnection }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Another host may do better: a refused region, a name or certificate that does not hold. */
      readonly tryNextHost: boolean;
      /** The refusal is for our address, by whichever host: a rate limit or a ban. */
      readonly forAddress: boolean;
      /** For how long we are asked to stay away; 0 where nobody asks. */
      readonly pauseMs: number;
    };

export interface StreamConnection {
  /** Settles once when the socket is gone; never rejects. */
  readonly ended: Promise<EndReason>;
  /** The socket is gone, or was given up. */
  readonly over: boolean;
  /** Settles at the first data frame: from then on this connection delivers. */
  readonly delivering: Promise<void>;
  readonly delivered: boolean;
  /** Subscribes and unsubscribes until exactly these are carried; settles when all messages are out. */
  carry(symbols: ReadonlySet<string>): Promise<void>;
  /** Ends it from our side; `terminate` where the peer may not answer any more. */
  close(reason: EndReason): void;
}

export interface StreamConnectionOptions {
  readonly baseUrl: string;
  /** Subscribed at once: in the address as far as it may be long, the rest by message. */
  readonly symbols: readonly string[];
  readonly onFrame: (frame: Buffer, connection: StreamConnection) => void;
  /** Frames that came and were not read: of candles that surely are still forming. */
  readonly onForming: (frames: number) => void;
  readonly handshakeTimeoutMs: number;
  /** No byte at all for this long, our own ping unanswered too. Looked at four times in as long, as is the next. */
  readonly silenceMs: number;
  /** No data frame for this long, though pings are answered. */
  readonly dataSilenceMs: number;
  /** Pause between control messages: the exchange takes 5 a second, its pings' answers among them. */
  readonly controlPauseMs: number;
  readonly signal: AbortSignal;
}

/** Streams named in one message; keeps messages below 10 kB. */
const STREAMS_PER_MESSAGE = 200;

/** The exchange takes addresses of about 8,000 characters. */
const MAX_ADDRESS_CHARS = 7500;

/** Statuses and codes with which a host shows that it will not serve this address at all. */
const NEXT_HOST_STATUS = new Set([403, 404, 451, 500, 502, 503, 504]);

/** Opens one combined-stream socket; resolves when the handshake is over, either way. */
export async function openStreamConnection(options: StreamConnectionOptions): Promise<OpenResult> {
  const inAddress = thatFitAddress(options.symbols);
  const sieve = new FrameSieve();
  const socket = new WebSocket(`${options.baseUrl}/stream?streams=${inAddress.map(streamName).join('/')}`, {
    handshakeTimeout: options.handshakeTimeoutMs,
    perMessageDeflate: false,
    createConnection: connectThrough(sieve, options.baseUrl),
    // Whoever reads a candle checks its text; a broken one is kept aside there, and does not cost the connection.
    skipUTF8Validation: true,
  });
  const settled = new AbortController();
  const result = await new Promise<OpenResult>((resolve) => {
    const fail = (reason: string, tryNextHost: boolean) =>
      resolve({ kind: 'failed', reason, tryNextHost, forAddress: false, pauseMs: 0 });
    const abort = () => {
      socket.terminate();
      fail('aborted', false);
    };
    options.signal.addEventListener('abort', abort, { once: true, signal: settled.signal });
    // Watched before this callback returns: the first frame may have come in one packet with the handshake.
    socket.once('open', () =>
      resolve({ kind: 'open', connection: watchSocket(socket, sieve, inAddress, options) }),
    );
    socket.on('unexpected-response', (request, response) => {
      const { statusCode = 0 } = response;
      resolve({
        kind: 'failed',
        reason: `HTTP ${statusCode}`,
        tryNextHost: NEXT_HOST_STATUS.has(statusCode),
        forAddress: statusCode === 429 || statusCode === 418,
        pauseMs: askedPauseMs(statusCode, response.headers['retry-after'], Date.now()),
      });
      response.resume();
      request.destroy();
    });
    // Name look-up, TCP, TLS and a handshake that times out all end up here; a later host may be reachable.
    socket.on('error', (error) => fail(error.message, true));
  });
  settled.abort();
  if (result.kind === 'open') await result.connection.carry(new Set(options.symbols));
  return result;
}

/** Names that need encoding come first: an address is where encoding is beyond doubt. */
function thatFitAddress(symbols: readonly string[]): readonly string[] {
  const ordered = symbols.toSorted(
    (a, b) => streamName(b).split('%').length - streamName(a).split('%').length,
  );
  let chars = 0;
  const fits = ordered.findIndex((symbol) => (chars += streamName(symbol).length + 1) > MAX_ADDRESS_CHARS);
  return fits < 0 ? ordered : ordered.slice(0, fits);
}

/** How a frame that is no market data begins, whatever the order and spacing of its members: an answer to us, a notice. */
const NO_DATA = /^\s*\{\s*"(?:result|error|id)"|serverShutdown/;
const BEGINNING_BYTES = 64;

function watchSocket(
  socket: WebSocket,
  sieve: FrameSieve,
  inAddress: readonly string[],
  options: StreamConnectionOptions,
): StreamConnection {
  const ended = Promise.withResolvers<EndReason>();
  const delivering = Promise.withResolvers<void>();
  const gone = new AbortController();
  // Beside the signal, whose answer takes as long as reading a frame.
  let over = false;
  let lastByteAt = performance.now();
  let lastDataAt = lastByteAt;
  // Since the watch looked last: asking the clock at each frame takes as long as a quarter of reading it.
  let heard = false;
  let brought = false;
  let delivered = false;
  let nextId = 1;
  let carried: ReadonlySet<string> = new Set(inAddress);
  let control: Promise<void> = Promise.resolve();

  const close = (reason: EndReason) => {
    ended.resolve(reason);
    over = true;
    gone.abort();
    // A close frame first, for the peer's sake; the socket goes at once where silence made us give up.
    if (reason === 'ours') socket.close(1000);
    else socket.terminate();
  };
  const connection: StreamConnection = {
    ended: ended.promise,
    get over() {
      return over;
    },
    delivering: delivering.promise,
    get delivered() {
      return delivered;
    },
    carry: async (symbols) => {
      const added = [...symbols].filter((symbol) => !carried.has(symbol));
      const dropped = [...carried].filter((symbol) => !symbols.has(symbol));
      carried = new Set(symbols);
      await Promise.all([send('SUBSCRIBE', added), send('UNSUBSCRIBE', dropped)]);
    },
    close,
  };

  const hear = () => {
    heard = true;
  };
  // `ws` answers pings by itself, with the same payload.
  socket.on('ping', hear);
  socket.on('pong', hear);
  const deliver = () => {
    delivered = true;
    delivering.resolve();
  };
  sieve.onForming = (frames) => {
    if (over) return;
    heard = true;
    brought = true;
    if (!delivered) deliver();
    options.onForming(frames);
  };
  socket.on('message', (data) => {
    if (over) return;
    heard = true;
    brought = true;
    const frame = data as Buffer; // whole, and no list or other form, unless one sets another `binaryType`
    if (!delivered && !NO_DATA.test(frame.toString('latin1', 0, BEGINNING_BYTES))) deliver();
    options.onFrame(frame, connection);
  });
  socket.on('error', () => close('error'));
  socket.on('close', () => close('closed'));

  const watch = setInterval(
    () => {
      const now = performance.now();
      if (heard) lastByteAt = now;
      if (brought) lastDataAt = now;
      heard = false;
      brought = false;
      if (now - lastByteAt > options.silenceMs || now - lastDataAt > options.dataSilenceMs) close('silent');
      else if (now - lastByteAt > options.silenceMs / 2 && socket.readyState === WebSocket.OPEN)
        socket.ping();
    },
    Math.min(options.silenceMs, options.dataSilenceMs) / 4,
  );
  gone.signal.addEventListener('abort', () => clearInterval(watch), { once: true });

  /** Control messages go out one after the other, under the exchange's limit, also when called side by side. */
  async function send(method: 'SUBSCRIBE' | 'UNSUBSCRIBE', symbols: readonly string[]): Promise<void> {
    control = control.then(async () => {
      for (let at = 0; at < symbols.length && !gone.signal.aborted; at += STREAMS_PER_MESSAGE) {
        const params = symbols.slice(at, at + STREAMS_PER_MESSAGE).map(streamName);
        socket.send(JSON.stringify({ method, params, id: nextId++ }));
        await pause(options.controlPauseMs, gone.signal);
      }
    });
    return control;
  }
  return connection;
}

/** Upper case is accepted by the exchange and then never answered; symbols of other scripts are percent-encoded. */
function streamName(symbol: string): string {
  return `${encodeURIComponent(symbol.toLowerCase())}@kline_1m`;
}

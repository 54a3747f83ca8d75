import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveArchive } from './archive-api.ts';
import { replayClock, wallClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { serveConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { serveControl } from './control-api.ts';
import { faultSchema } from './fault.ts';
import type { FaultInput } from './fault.ts';
import { openFaultBook } from './fault-book.ts';
import type { ActiveFault } from './fault-book.ts';
import { openGate, refuseHandshake } from './handshake.ts';
import { strikeAtOnce } from './instant-fault.ts';
import { openLedger } from './ledger.ts';
import type { LedgerEntry, LedgerQuery } from './ledger.ts';
import { BINANCE_LIMITS } from './limits.ts';
import type { ExchangeLimits } from './limits.ts';
import { firstSymbols, openListings } from './listings.ts';
import { startPublishing } from './publisher.ts';
import { serveRest } from './rest-api.ts';
import type { Stats } from './stats.ts';
import { openSubscribers } from './subscribers.ts';

export interface ExchangeOptions {
  /** @default 0, any free one */
  readonly port?: number;
  /** How many, or which. @default 20 */
  readonly symbols?: number | readonly string[];
  /** @default 1 */
  readonly speed?: number;
  /** Each one not given is Binance's own. */
  readonly limits?: Partial<ExchangeLimits>;
  /** Closed frames go out up to this long after their minute; 0 = at once. @default 1900 */
  readonly closeLagMs?: number;
  /** False leaves out the updates of candles that are still forming. @default true */
  readonly updates?: boolean;
  /**
   * A test passes one that it moves by hand. More than a minute in one move leaves a client no time for its pongs:
   * give such a test a `limits.pingEveryMs` out of reach.
   * @default the machine's
   */
  readonly wall?: Clock;
}

/** What can be asked of a running exchange besides its protocol. */
export interface ExchangeControl {
  /** The exchange's clock. */
  readonly clock: Clock;
  readonly stats: Readonly<Stats>;
  /** Open WebSocket connections. */
  connections(): number;
  /** Every candle closed in this run; see the query for others. */
  ledger(query?: LedgerQuery): Generator<LedgerEntry>;
  /** Returns the fault's id, or 0 if it is over as soon as it has happened. Throws on a fault that does not fit the schema. */
  inject(fault: FaultInput): number;
  removeFault(id: number): boolean;
  clearFaults(): void;
  activeFaults(): readonly ActiveFault[];
  /** Both return why it could not be done, or nothing. */
  list(symbol: string): string | undefined;
  delist(symbol: string): string | undefined;
}

export interface Exchange extends ExchangeControl, AsyncDisposable {
  readonly url: string;
  readonly wsUrl: string;
}

/** Most a client may send in one message; a list of 1,024 streams stays below it. */
const CLIENT_MESSAGE_BYTES = 1_000_000;

/** An exchange that speaks Binance spot's protocols on loopback: WebSocket, REST and archive on one port. */
export async function startExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const {
    port = 0,
    symbols = 20,
    speed = 1,
    closeLagMs = 1900,
    updates = true,
    wall = wallClock(),
  } = options;
  const limits = { ...BINANCE_LIMITS, ...options.limits };
  const clock = replayClock(wall, speed);
  const listings = openListings(typeof symbols === 'number' ? firstSymbols(symbols) : symbols);
  const ledger = openLedger(listings, clock);
  const faults = openFaultBook(wall);
  const subscribers = openSubscribers();
  const stats: Stats = { handshakes: 0, refusedHandshakes: 0, archiveRequests: 0, restRequests: {} };
  const connections = new Set<Connection>();

  const control: ExchangeControl = {
    clock,
    stats,
    connections: () => connections.size,
    ledger: (query) => ledger.entries(query),
    inject(input) {
      const fault = faultSchema.parse(input);
      if (!strikeAtOnce(fault, connections))
        return faults.add(
          fault,
          [...connections].map(({ id }) => id),
        );
      return 0;
    },
    removeFault: (id) => faults.remove(id),
    clearFaults: () => faults.clear(),
    activeFaults: () => faults.active(),
    list: (symbol) => listings.list(symbol, clock.now()),
    delist: (symbol) => listings.delist(symbol, clock.now()),
  };

  const answerRest = serveRest({ wall, clock, limits, listings, ledger, faults, stats });
  const answerArchive = serveArchive({ clock, listings, ledger, faults, stats });
  const answerControl = serveControl(control);
  const server = createServer((request, response) => {
    const target = `http://exchange${request.url}`;
    if (!URL.canParse(target)) return response.writeHead(400).end();
    const url = new URL(target);
    const slow = url.pathname.startsWith('/control/')
      ? answerControl
      : url.pathname.startsWith('/data/')
        ? answerArchive
        : undefined;
    if (!slow) return answerRest(request, response, url);
    slow(request, response, url).catch((error: unknown) => {
      // The client went away while it was being answered, or a bug: either way this answer can't be finished.
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });

  // Sockets that were upgraded, or left without an answer, are no longer the server's to close.
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const sockets = new WebSocketServer({ noServer: true, autoPong: false, maxPayload: CLIENT_MESSAGE_BYTES });
  const decide = openGate(wall, limits, faults, stats);
  let lastId = 0;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const decision = decide(request);
    // Read on, so that the end of the client is noticed.
    if (decision.kind === 'ignored') return socket.resume();
    if (decision.kind === 'refused')
      return refuseHandshake(socket, decision.status, decision.retryAfterSeconds);
    return sockets.handleUpgrade(request, socket, head, (client) => {
      lastId += 1;
      const context = { wall, exchangeClock: clock, limits, faults, subscribers };
      const connection = serveConnection(client, lastId, decision, context);
      connections.add(connection);
      client.on('close', () => connections.delete(connection));
    });
  });

  const bound = await listen(server, port);
  const stopPublishing = startPublishing({
    wall,
    clock,
    listings,
    subscribers,
    faults,
    ledger,
    closeLagMs,
    updates,
  });
  return {
    ...control,
    url: `http://127.0.0.1:${bound}`,
    wsUrl: `ws://127.0.0.1:${bound}`,
    async [Symbol.asyncDispose]() {
      stopPublishing();
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        taken
          ? new Error(`expected port ${port} of 127.0.0.1 to be free, something listens there`, { cause })
          : cause,
      );
    };
    server.once('error', refused);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refused);
      resolve((server.address() as AddressInfo).port); // a TCP server's address is never a pipe's name
    });
  });
}

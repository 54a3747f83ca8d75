import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import type { FaultBook } from './fault-book.ts';
import type { Frame } from './frames.ts';
import { shutdownFrame } from './frames.ts';
import type { ExchangeLimits } from './limits.ts';
import { errorReply, readStreamRequest, resultReply } from './stream-request.ts';
import type { StreamRequest } from './stream-request.ts';
import type { Subscribers } from './subscribers.ts';

/** One client's WebSocket under the exchange's rules. */
export interface Connection {
  readonly id: number;
  /** Of a symbol's stream, or (without one) of the connection as a whole. */
  send(frame: Frame, symbol?: string): void;
  /** The notice now, the end a little later. */
  shutDown(closeAfterMs?: number): void;
  /** Without a code the socket goes away without a closing frame. */
  drop(code?: number): void;
}

export interface ConnectionContext {
  readonly wall: Clock;
  readonly exchangeClock: Clock;
  readonly limits: ExchangeLimits;
  readonly faults: FaultBook;
  readonly subscribers: Subscribers;
}

/** A client that leaves this much unread is cut off, as it would be by Binance. */
const UNREAD_LIMIT_BYTES = 64_000_000;

export function serveConnection(
  socket: WebSocket,
  id: number,
  opening: { readonly streams: readonly string[]; readonly combined: boolean },
  context: ConnectionContext,
): Connection {
  const { wall, limits, faults, subscribers } = context;
  const streams = new Set<string>();
  const timers = new Set<() => void>();
  let { combined } = opening;
  let recent: readonly number[] = [];
  /** Payload to when it was sent, oldest first. */
  const unanswered = new Map<string, number>();

  const connection: Connection = {
    id,
    send(frame, symbol) {
      if (faults.stalls(id, symbol)) return;
      if (socket.bufferedAmount > UNREAD_LIMIT_BYTES) socket.terminate();
      else socket.send(combined ? frame.combined : frame.raw, { binary: false });
    },
    shutDown(closeAfterMs = limits.shutdownNoticeMs) {
      connection.send(shutdownFrame(context.exchangeClock.now()));
      after(closeAfterMs, () => socket.close(1001, 'server shutdown'));
    },
    drop: (code) => (code === undefined ? socket.terminate() : socket.close(code)),
  };

  function after(ms: number, task: () => void): void {
    const cancel = wall.at(wall.now() + ms, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
  }
  /** Every message, ping and pong of the client counts. */
  function withinRate(): boolean {
    const now = wall.now();
    recent = [...recent.filter((at) => at > now - 1000), now];
    if (recent.length <= limits.messagesPerSecond) return true;
    socket.close(1008, 'Too many requests');
    return false;
  }
  function reply(text: string): void {
    if (!faults.stalls(id)) socket.send(text);
  }
  function handle(request: StreamRequest): void {
    switch (request.method) {
      case 'fault':
        return reply(request.reply);
      case 'SUBSCRIBE': {
        if (new Set([...streams, ...request.streams]).size > limits.streamsPerConnection) {
          return reply(errorReply(4, 'Too many subscriptions', request.id));
        }
        subscribe(request.streams);
        return reply(resultReply(request.id, null));
      }
      case 'UNSUBSCRIBE': {
        for (const stream of request.streams) {
          streams.delete(stream);
          subscribers.remove(stream, connection);
        }
        return reply(resultReply(request.id, null));
      }
      case 'LIST_SUBSCRIPTIONS':
        return reply(resultReply(request.id, [...streams]));
      case 'GET_PROPERTY':
        return reply(resultReply(request.id, combined));
      case 'SET_PROPERTY':
        ({ combined } = request);
        return reply(resultReply(request.id, null));
    }
  }
  function subscribe(names: readonly string[]): void {
    for (const stream of names) {
      streams.add(stream);
      subscribers.add(stream, connection);
    }
  }
  function keepPinging(): void {
    after(limits.pingEveryMs, () => {
      const [oldest = Infinity] = unanswered.values();
      if (wall.now() - oldest >= limits.pongWithinMs) return socket.terminate();
      const payload = String(wall.now());
      unanswered.set(payload, wall.now());
      if (!faults.silences(id)) socket.ping(payload);
      return keepPinging();
    });
  }

  socket.on('message', (data: Buffer) => {
    if (withinRate()) handle(readStreamRequest(data.toString('utf8')));
  });
  socket.on('ping', (payload) => {
    if (withinRate() && !faults.silences(id)) socket.pong(payload);
  });
  socket.on('pong', (payload) => {
    // Only the copy of a payload counts as an answer, and answers all pings before it.
    if (!withinRate() || !unanswered.has(payload.toString('utf8'))) return;
    for (const sent of unanswered.keys()) {
      unanswered.delete(sent);
      if (sent === payload.toString('utf8')) break;
    }
  });
  socket.on('close', () => {
    for (const cancel of timers) cancel();
    for (const stream of streams) subscribers.remove(stream, connection);
  });
  // A broken frame of the client: ws closes the socket itself right after this.
  socket.on('error', () => undefined);

  subscribe(opening.streams);
  keepPinging();
  after(limits.connectionLifeMs - limits.shutdownNoticeMs, () => connection.shutDown());
  return connection;
}

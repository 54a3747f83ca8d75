import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** How the server treats a handshake: takes it, refuses it with a status, or takes the TCP connection and says nothing. */
type Handshake =
  | { readonly kind: 'accept' }
  | { readonly kind: 'refuse'; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

interface ControlMessage {
  readonly method: string;
  readonly params: readonly string[];
}

export interface StreamServer extends AsyncDisposable {
  readonly url: string;
  readonly sockets: readonly WebSocket[];
  /** When each handshake came, on the monotonic clock. */
  readonly attempts: readonly number[];
  /** Streams asked for, by address and by message, in order. */
  readonly streams: readonly string[];
  readonly controlTimes: readonly number[];
  /** What came on each socket, in the order of `sockets`. */
  readonly messages: readonly (readonly ControlMessage[])[];
  /** From now on a handshake waits to be answered until it is released. */
  holdHandshakes(): void;
  releaseHandshakes(): void;
  handshake: (attempt: number) => Handshake;
  /** Sent to each new socket at once, in one packet with the handshake. */
  greeting: string | undefined;
  broadcast(text: string): void;
}

/** A real WebSocket server on loopback that does as it is told. */
export async function startStreamServer(
  options: { readonly autoPong?: boolean } = {},
): Promise<StreamServer> {
  const http = createServer();
  const wss = new WebSocketServer({ noServer: true, autoPong: options.autoPong ?? true });
  const sockets: WebSocket[] = [];
  const attempts: number[] = [];
  const streams: string[] = [];
  const controlTimes: number[] = [];
  const messages: ControlMessage[][] = [];
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  const server = {
    url: '',
    sockets,
    attempts,
    streams,
    controlTimes,
    messages,
    holdHandshakes() {
      gate = Promise.withResolvers();
    },
    releaseHandshakes: () => gate.resolve(),
    greeting: undefined as string | undefined,
    handshake: (_attempt: number): Handshake => ({ kind: 'accept' }),
    broadcast(text: string) {
      for (const socket of sockets) socket.send(text);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of wss.clients) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  http.on('upgrade', (request, socket, head) => void upgrade(request, socket, head));
  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    attempts.push(performance.now());
    await gate.promise;
    const answer = server.handshake(attempts.length);
    if (answer.kind === 'refuse') {
      const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${answer.status} Refused\r\n${headers.join('')}content-length: 0\r\n\r\n`);
      return;
    }
    socket.cork();
    wss.handleUpgrade(request, socket, head, (accepted) => {
      if (server.greeting !== undefined) accepted.send(server.greeting);
      socket.uncork();
      sockets.push(accepted);
      const received: ControlMessage[] = [];
      messages.push(received);
      const asked = new URL(request.url ?? '/', 'ws://localhost').searchParams.get('streams') ?? '';
      // The query is decoded by now; the names as sent are what matters.
      streams.push(...(asked === '' ? [] : ((request.url ?? '').split('streams=')[1]?.split('/') ?? [])));
      accepted.on('message', (data: Buffer) => {
        controlTimes.push(performance.now());
        const message = JSON.parse(data.toString()) as ControlMessage & { id: number }; // our own client wrote it
        received.push({ method: message.method, params: message.params });
        streams.push(...message.params);
        accepted.send(JSON.stringify({ result: null, id: message.id }));
      });
    });
  }
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  server.url = `ws://127.0.0.1:${address.port}`;
  return server;
}

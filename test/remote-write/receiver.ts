import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { nameOf, readWriteRequest } from './write-request.ts';
import type { ReceivedSeries } from './write-request.ts';

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly series: readonly ReceivedSeries[];
}

export type Answer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Closes the connection without an answer. */
  | 'reset'
  /** Takes the request and never answers. */
  | 'silence'
  /** Announces more of a body than it sends, and closes the connection. */
  | 'break-off'
  /** Sends the status at once, then a byte of the body now and then, for ever. */
  | 'drip';

export interface Receiver extends AsyncDisposable {
  readonly url: URL;
  readonly requests: readonly ReceivedRequest[];
  /** What was stored: value by series and timestamp. Only requests answered with 2xx count. */
  readonly stored: ReadonlyMap<string, number>;
  /** How many were opened so far. */
  readonly connections: () => number;
  /** Closes those that are open; settles once they are gone here. */
  readonly closeConnections: () => Promise<void>;
}

/** A remote-write receiver on loopback that answers each request as it is told. */
export async function startReceiver(
  answer: (request: ReceivedRequest, index: number) => Answer = () => ({ status: 204 }),
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const stored = new Map<string, number>();
  const drips = new Set<NodeJS.Timeout>();
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method, url, headers } = message;
      const request = { method, url, headers, body, series: readWriteRequest(body) };
      requests.push(request);
      const chosen = answer(request, requests.length - 1);
      if (typeof chosen === 'object' && chosen.status < 300) store(request.series, stored);
      respond(chosen, response, drips);
    });
  });
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('connection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // not a pipe
  return {
    url: new URL(`http://127.0.0.1:${port}/workspaces/ws-1/api/v1/remote_write`),
    requests,
    stored,
    connections: () => opened,
    closeConnections: async () => {
      const gone = [...sockets].map((socket) => once(socket, 'close'));
      server.closeAllConnections();
      await Promise.all(gone);
    },
    [Symbol.asyncDispose]: async () => {
      for (const drip of drips) clearInterval(drip);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function store(series: readonly ReceivedSeries[], stored: Map<string, number>): void {
  for (const one of series) {
    for (const { timestampMs, value } of one.samples) stored.set(`${nameOf(one)} ${timestampMs}`, value);
  }
}

function respond(answer: Answer, response: ServerResponse, drips: Set<NodeJS.Timeout>): void {
  if (answer === 'reset') response.destroy();
  else if (answer === 'break-off') {
    response.writeHead(200, { 'content-length': 100 });
    response.write('part', () => response.destroy());
  } else if (answer === 'drip') {
    response.writeHead(200);
    drips.add(setInterval(() => response.write('.'), 20));
  } else if (answer !== 'silence') {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

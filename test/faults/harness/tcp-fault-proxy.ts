import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { carry } from './carry-bytes.ts';

/** What happens to the bytes of one direction. */
export type LinkFault =
  /** Every byte comes this much later, in order. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** So few bytes at a time, this far apart. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** Nothing comes through, and nothing says so: what is sent meanwhile comes when the fault is over. */
  | { readonly kind: 'black-hole' };

/** `up` is from the client to the server. */
type Direction = 'up' | 'down';

export interface TcpFaultProxy extends AsyncDisposable {
  readonly port: number;
  /** Open connections. */
  readonly open: number;
  /** Connections taken so far. */
  readonly taken: number;
  /** How many were open after each one that came or went. */
  readonly history: readonly number[];
  /** From now on, for the connections that are open and those that come; without a direction for both. */
  set(fault: LinkFault, direction?: Direction): void;
  /** Ends delay, drip and black hole. */
  clear(): void;
  /** Cuts every open connection with a TCP reset. */
  reset(): void;
  /** While false, each new connection is cut at once. */
  accept(accepting: boolean): void;
}

/** A TCP hop on loopback that does to each direction what it is told; without a fault it only carries bytes. */
export async function startTcpFaultProxy(targetPort: number, port = 0): Promise<TcpFaultProxy> {
  const faults: Record<Direction, LinkFault | undefined> = { up: undefined, down: undefined };
  const wakers = new Set<() => void>();
  const sockets = new Set<Socket>();
  let accepting = true;
  let taken = 0;
  const history: number[] = [];
  let open = 0;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => client.destroy());
    if (!accepting) return void client.resetAndDestroy();
    taken += 1;
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const pair = [client, target] as const;
    // What one side does to its socket happens to the other: a reset stays a reset.
    for (const [socket, other] of [pair, pair.toReversed()] as [Socket, Socket][]) {
      sockets.add(socket);
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        sockets.delete(socket);
        if (!socket.readableEnded) other.destroy();
      });
    }
    const waking = [carry(client, target, () => faults.up), carry(target, client, () => faults.down)];
    for (const wake of waking) wakers.add(wake);
    history.push((open += 1));
    client.on('close', () => {
      history.push((open -= 1));
      for (const wake of waking) wakers.delete(wake);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  function changed(): void {
    for (const wake of wakers) wake();
  }
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is never a pipe's name
    get open() {
      return open;
    },
    get taken() {
      return taken;
    },
    history,
    set(fault, direction) {
      for (const one of direction ? [direction] : (['up', 'down'] as const)) faults[one] = fault;
      changed();
    },
    clear() {
      faults.up = undefined;
      faults.down = undefined;
      changed();
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    accept(value) {
      accepting = value;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import { Buffer } from 'node:buffer';
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { ClientOptions } from 'ws';
import type { FrameSieve } from './frame-sieve.ts';

/** As much as Node reads at once. */
const READ_BYTES = 64 * 1024;

/** Makes the socket for a WebSocket to this address, whose bytes go through `sieve`: for the option of `ws` of that name. */
export function connectThrough(
  sieve: FrameSieve,
  url: string,
): NonNullable<ClientOptions['createConnection']> {
  const isSecure = url.startsWith('wss:');
  return (given: net.NetConnectOpts | number | string) => {
    if (typeof given !== 'object') throw new TypeError(`expected options, got ${given}`);
    // All reads go to one piece of memory, so what goes on has to be copied: that is little.
    const onread = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes: number, read: Uint8Array) => {
        const left = sieve.sift(Buffer.from(read.buffer, read.byteOffset, bytes));
        return left.length === 0 || socket.push(Buffer.from(left));
      },
    };
    // `path` is the request's here, and would be taken for that of a local socket.
    const options = { ...given, path: undefined, onread };
    const host = 'host' in given ? (given.host ?? '') : '';
    const socket: net.Socket = isSecure
      ? tls.connect({ ...options, servername: net.isIP(host) ? '' : host })
      : net.connect(options as net.NetConnectOpts);
    return socket;
  };
}

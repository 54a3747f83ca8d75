import type { Server } from 'node:net';

/** The port that the system chose for a server that listens on port 0. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address.port;
}

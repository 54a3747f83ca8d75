import type { Connection } from './connection.ts';

/** Who listens to which stream. */
export interface Subscribers {
  add(stream: string, connection: Connection): void;
  remove(stream: string, connection: Connection): void;
  of(stream: string): ReadonlySet<Connection>;
}

export function openSubscribers(): Subscribers {
  const byStream = new Map<string, Set<Connection>>();
  return {
    add(stream, connection) {
      const listening = byStream.get(stream) ?? new Set();
      byStream.set(stream, listening.add(connection));
    },
    remove(stream, connection) {
      const listening = byStream.get(stream);
      listening?.delete(connection);
      if (listening?.size === 0) byStream.delete(stream);
    },
    of: (stream) => byStream.get(stream) ?? NOBODY,
  };
}

const NOBODY: ReadonlySet<Connection> = new Set();

import type { Clock } from './clock.ts';
import type { Fault, FaultOf } from './fault.ts';

/** The faults that are switched on, and what each decides when its moment comes. */
export interface FaultBook {
  add(fault: Fault, openConnections: readonly number[]): number;
  remove(id: number): boolean;
  clear(): void;
  active(): readonly ActiveFault[];
  /** What hits this closed candle; each such fault lasts for the first `count` minutes it is asked about. */
  strikeClosed(symbol: string, minute: number): readonly ClosedFault[];
  strikeHandshake(): FaultOf<'refuse' | 'handshake-timeout'> | undefined;
  strikeRest(path: string): RestFault | undefined;
  isHole(symbol: string, openMs: number, at: 'archive' | 'rest'): boolean;
  /** What is wrong with this archive file, if anything. */
  archiveState(symbol: string, file: string): FaultOf<'archive'>['how'] | undefined;
  /** A connection of which nothing is to be heard: of that symbol, or (without one) at all. */
  stalls(connection: number, symbol?: string): boolean;
  /** A connection that does not even answer pings. */
  silences(connection: number): boolean;
}

export interface ActiveFault {
  readonly id: number;
  readonly fault: Fault;
  /** Times it struck so far. */
  readonly strikes: number;
}

export type RestFault = FaultOf<'rest-status' | 'rest-timeout' | 'rest-reset'>;
export type ClosedFault = FaultOf<'malformed' | 'duplicate' | 'late' | 'out-of-order' | 'missing' | 'differ'>;

export function openFaultBook(wall: Clock): FaultBook {
  const entries = new Map<number, Entry>();
  let lastId = 0;

  function* living(): Generator<Entry> {
    for (const entry of entries.values()) {
      if (entry.untilMs <= wall.now()) entries.delete(entry.id);
      else yield entry;
    }
  }
  function strike(entry: Entry): void {
    entry.strikes += 1;
    if (entry.strikes >= entry.countLeft) entries.delete(entry.id);
  }

  return {
    add(fault, openConnections) {
      lastId += 1;
      entries.set(lastId, {
        id: lastId,
        fault,
        strikes: 0,
        countLeft: isClosedFault(fault)
          ? Infinity
          : (('count' in fault ? fault.count : undefined) ?? Infinity),
        untilMs: wall.now() + (('durationMs' in fault ? fault.durationMs : undefined) ?? Infinity),
        connections: new Set(openConnections),
        minutes: new Set(),
      });
      return lastId;
    },
    remove: (id) => entries.delete(id),
    clear: () => entries.clear(),
    active: () => [...living()].map(({ id, fault, strikes }) => ({ id, fault, strikes })),
    strikeClosed(symbol, minute) {
      if (entries.size === 0) return NONE;
      const hits: ClosedFault[] = [];
      for (const entry of living()) {
        const { fault } = entry;
        if (!isClosedFault(fault)) continue;
        entry.minutes.add(minute);
        if (entry.minutes.size > fault.count) {
          entries.delete(entry.id);
        } else if (concerns(fault, symbol)) {
          entry.strikes += 1;
          hits.push(fault);
        }
      }
      return hits;
    },
    strikeHandshake() {
      for (const entry of living()) {
        const { fault } = entry;
        if (fault.kind !== 'refuse' && fault.kind !== 'handshake-timeout') continue;
        strike(entry);
        return fault;
      }
      return undefined;
    },
    strikeRest(path) {
      for (const entry of living()) {
        const { fault } = entry;
        if (fault.kind !== 'rest-status' && fault.kind !== 'rest-timeout' && fault.kind !== 'rest-reset')
          continue;
        const hit =
          fault.path === undefined
            ? path.startsWith('/api/') && path !== '/api/v3/ping'
            : path.startsWith(fault.path);
        if (!hit) continue;
        strike(entry);
        return fault;
      }
      return undefined;
    },
    isHole: (symbol, openMs, at) =>
      entries.size > 0 &&
      [...living()].some(
        ({ fault }) =>
          fault.kind === 'hole' &&
          (fault.at === at || fault.at === 'exchange') &&
          concerns(fault, symbol) &&
          fault.from <= openMs &&
          openMs <= fault.to,
      ),
    archiveState(symbol, file) {
      for (const { fault } of living()) {
        if (fault.kind === 'archive' && concerns(fault, symbol) && file.includes(fault.file ?? '')) {
          return fault.how;
        }
      }
      return undefined;
    },
    stalls: (connection, symbol) =>
      entries.size > 0 &&
      stallsOf(living(), connection).some(
        (fault) => fault.symbols === undefined || (symbol !== undefined && concerns(fault, symbol)),
      ),
    silences: (connection) =>
      entries.size > 0 &&
      stallsOf(living(), connection).some((fault) => !fault.pongs && fault.symbols === undefined),
  };
}

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  strikes: number;
  readonly countLeft: number;
  readonly untilMs: number;
  /** Those that were open when the fault came. */
  readonly connections: ReadonlySet<number>;
  readonly minutes: Set<number>;
}

const NONE: readonly ClosedFault[] = [];

function stallsOf(entries: Iterable<Entry>, connection: number): readonly FaultOf<'stall'>[] {
  return [...entries].flatMap(({ fault, connections }) =>
    fault.kind === 'stall' && (fault.connections === 'all' || connections.has(connection)) ? [fault] : [],
  );
}

function concerns(fault: { readonly symbols?: readonly string[] | undefined }, symbol: string): boolean {
  return fault.symbols === undefined || fault.symbols.includes(symbol);
}

function isClosedFault(fault: Fault): fault is ClosedFault {
  switch (fault.kind) {
    case 'malformed':
      return fault.when === 'instead-of-closed';
    case 'duplicate':
    case 'late':
    case 'out-of-order':
    case 'missing':
    case 'differ':
      return true;
    case 'drop':
    case 'stall':
    case 'refuse':
    case 'handshake-timeout':
    case 'huge':
    case 'shutdown':
    case 'rest-status':
    case 'rest-timeout':
    case 'rest-reset':
    case 'hole':
    case 'archive':
      return false;
  }
}

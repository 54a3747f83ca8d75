import * as z from 'zod';

/** Those that a server may send; the others can't be put in a frame. */
const closeCode = z
  .int()
  .refine(
    (code) =>
      [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].includes(code) ||
      (code >= 3000 && code <= 4999),
    'expected 1000 to 1003, 1007 to 1014 or 3000 to 4999',
  );

/**
 * `wrong-checksum`: the CHECKSUM is of other bytes; `truncated`: half of the zip, with a CHECKSUM that fits;
 * `futures`: header row and milliseconds; `wrong-columns`: one column less; `wrong-prices`: a high below the low;
 * `rewritten`: lower volumes; `absent`: 404.
 */
const ARCHIVE_STATES = [
  'wrong-checksum',
  'truncated',
  'futures',
  'wrong-columns',
  'wrong-prices',
  'rewritten',
  'absent',
] as const;

/** What can go wrong on purpose, as data: the body of `POST /control/faults`. Unknown fields are refused. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Closes open connections; without a code the socket just goes away. */
  fault('drop', { code: closeCode.optional() }),
  /** Nothing is sent any more though the connections stay open; `pongs: false` leaves pings unanswered too, and sends none. */
  fault('stall', {
    connections: z.enum(['open', 'all']).default('open'),
    pongs: z.boolean().default(true),
    ...symbols(),
    ...duration(),
  }),
  /** Handshakes are answered with this status. */
  fault('refuse', { status: z.int().min(400).max(599), ...retryAfter(), ...count(), ...duration() }),
  fault('handshake-timeout', { ...count(), ...duration() }),
  /** A frame of this text, or of a broken candle; now, or in place of the next closed ones. */
  fault('malformed', {
    text: z.string().optional(),
    when: z.enum(['now', 'instead-of-closed']).default('now'),
    ...symbols(),
    ...candles(),
  }),
  fault('huge', { bytes: z.int().min(1).max(64_000_000).default(10_000_000) }),
  /** The notice, then the end of every connection that was open. */
  fault('shutdown', { closeAfterMs: z.int().min(0).optional() }),
  fault('duplicate', { copies: z.int().min(1).max(100).default(1), ...symbols(), ...candles() }),
  /** By the exchange's clock. */
  fault('late', { delayMs: z.int().min(1), ...symbols(), ...candles() }),
  /** A closed candle is held back until the symbol's next one was sent. */
  fault('out-of-order', { ...symbols(), ...candles() }),
  /** `exchange`: REST does not have the minute either. */
  fault('missing', { at: z.enum(['stream', 'exchange']).default('stream'), ...symbols(), ...candles() }),
  /** The stream's closed candle has lower volumes than REST's. */
  fault('differ', { ...symbols(), ...candles() }),
  fault('rest-status', {
    status: z.int().min(400).max(599),
    ...retryAfter(),
    ...path(),
    ...count(),
    ...duration(),
  }),
  /** The request is never answered. */
  fault('rest-timeout', { ...path(), ...count(), ...duration() }),
  /** The connection is cut without an answer. */
  fault('rest-reset', { ...path(), ...count(), ...duration() }),
  /** Minutes (open times in ms, inclusive) that the archive, REST or both do not have. */
  fault('hole', {
    at: z.enum(['archive', 'rest', 'exchange']),
    from: z.int().min(0),
    to: z.int().min(0),
    ...symbols(),
    ...duration(),
  }),
  /** Archive files in another state than they should be; `file` is a part of their names. */
  fault('archive', {
    how: z.enum(ARCHIVE_STATES),
    file: z.string().min(1).optional(),
    ...symbols(),
    ...duration(),
  }),
]);

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

function fault<K extends string, S extends z.ZodRawShape>(kind: K, shape: S) {
  return z.strictObject({ kind: z.literal(kind), ...shape });
}

/** Every symbol, unless some are named. */
function symbols() {
  return { symbols: z.array(z.string()).min(1).optional() };
}

/** The closed candles of that many minutes are hit, from the next one that ends. */
function candles() {
  return { count: z.int().min(1).default(1) };
}

/** How often it strikes; without it, and without a duration, until it is deleted. */
function count() {
  return { count: z.int().min(1).optional() };
}

/** By the wall clock. */
function duration() {
  return { durationMs: z.int().min(1).optional() };
}

function retryAfter() {
  return { retryAfterSeconds: z.int().min(0).optional() };
}

/** Requests whose path starts so (`/data/` is the archive); by default all of /api/ but /api/v3/ping. */
function path() {
  return { path: z.string().startsWith('/').optional() };
}

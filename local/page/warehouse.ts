import { once } from 'node:events';
import { connect } from 'node:net';
import * as z from 'zod';
import { connectWarehouse, StatementError } from '#snowflake/connection.ts';
import type { Warehouse } from '#snowflake/connection.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
import type { WarehouseAnswer } from './warehouse-answers.ts';
import type { Execute } from './warehouse-queries.ts';

export interface WarehouseReader extends AsyncDisposable {
  /**
   * What `read` makes of the marts, at most CACHE_MS old; `key` tells what is asked apart. However many ask at once,
   * the warehouse is asked once.
   */
  ask<T extends object>(key: string, read: (execute: Execute) => Promise<T>): Promise<WarehouseAnswer<T>>;
}

/** The marts, by one connection that is made when first needed and made anew after a failure. */
export function openWarehouse(
  settings: WarehouseSettings | undefined,
  now: () => number = Date.now,
): WarehouseReader {
  let connecting: Promise<Warehouse> | undefined;
  let everRead = false;
  const cache = new Map<string, { readonly askedMs: number; readonly answer: Promise<unknown> }>();

  async function answerOf<T extends object>(
    read: (execute: Execute) => Promise<T>,
    known: WarehouseSettings,
  ): Promise<WarehouseAnswer<T>> {
    let connection: Promise<Warehouse> | undefined;
    try {
      await knock(known);
      // No retries by the client: the browser asks again in seconds.
      connection = connecting ??= connectWarehouse(known, { loginRetries: 0 });
      const warehouse = await connection;
      const found = await withinTime(read((sql, binds) => warehouse.execute(sql, binds)));
      everRead = true;
      return { kind: 'read', readMs: now(), ...found };
    } catch (error) {
      const refused = error instanceof StatementError && isAnswered(error);
      if (refused && error.code === NOT_THERE) {
        return { kind: 'waiting', detail: `${NOT_BUILT} (${inWords(error)})` };
      }
      // A statement that the warehouse refused says nothing against the connection, everything else may.
      if (!refused && connecting === connection) forget();
      const detail = inWords(error);
      if (everRead || refused) return { kind: 'failing', detail };
      return { kind: 'waiting', detail: `it does not answer yet (${detail})` };
    }
  }

  function forget(): void {
    const failed = connecting;
    connecting = undefined;
    // It failed already; closing it is a courtesy to the server.
    failed?.then((warehouse) => warehouse[Symbol.asyncDispose]()).catch(() => undefined);
  }

  return {
    async ask<T extends object>(key: string, read: (execute: Execute) => Promise<T>) {
      if (settings === undefined) return { kind: 'off' };
      const cached = cache.get(key);
      // The key tells the type: each is asked with one kind of `read`.
      if (cached && now() - cached.askedMs < CACHE_MS) return cached.answer as Promise<WarehouseAnswer<T>>;
      const answer = answerOf(read, settings);
      cache.delete(key);
      cache.set(key, { askedMs: now(), answer });
      const [oldest] = cache.keys();
      if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      forget();
    },
  };
}

/** An answer that is being waited for counts from when it was asked. */
export const CACHE_MS = 10_000;
/** Answers kept: the overview, the symbols, and what the browser's windows look at. A history is some 150 kB. */
const CACHED = 32;

/** Class 08 of SQL states is the connection's; what the client says by itself has none. */
function isAnswered({ sqlState }: StatementError): boolean {
  return sqlState !== undefined && !sqlState.startsWith('08');
}

/** Snowflake's number of "does not exist or not authorized". */
const NOT_THERE = '002003';

const NOT_BUILT = 'the models are not built yet, which Airflow does every 10 minutes';

/** Building the models keeps one machine busy. */
const TIMEOUT_MS = 30_000;

/** Throws when nobody listens, which the client itself takes a minute of retries to say. */
async function knock({ host, port }: WarehouseSettings): Promise<void> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(KNOCK_MS) });
  } catch (error) {
    throw new Error(`nobody answers at ${host}:${port}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

const KNOCK_MS = 3_000;

async function withinTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it gave no answer within ${TIMEOUT_MS / 1000} s`);
    timer = setTimeout(() => reject(error), TIMEOUT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function inWords(error: unknown): string {
  if (error instanceof z.ZodError)
    return `a mart does not have the expected shape: ${z.prettifyError(error)}`;
  const message =
    error instanceof StatementError ? error.reason : String(error instanceof Error ? error.message : error);
  return message.replaceAll(/\s+/g, ' ').slice(0, 300);
}

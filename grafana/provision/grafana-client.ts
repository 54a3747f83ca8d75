import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

/**
 * Asks Grafana's HTTP API and answers with the body. What is no 2xx is a GrafanaError; overload, server errors and lost
 * connections are tried again first.
 */
export type GrafanaClient = (method: Method, path: string, body?: unknown) => Promise<unknown>;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An answer that is no 2xx. Its text never holds the token. */
export class GrafanaError extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, message: string) {
    super(`${method} ${path} answered ${status}: ${message}`);
    this.name = 'GrafanaError';
    this.status = status;
  }
}

export interface GrafanaClientOptions {
  /** Ends a request under way and every wait. */
  readonly signal?: AbortSignal;
  /** @default half a minute's: a new workspace's name takes some seconds to be known everywhere */
  readonly attempts?: number;
  /** @default waits */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** @default Math.random */
  readonly random?: () => number;
}

/** @param url where Grafana's own page is, without /api */
export function createGrafanaClient(
  url: string,
  token: string,
  { signal, attempts = 8, wait = waitFor, random = Math.random }: GrafanaClientOptions = {},
): GrafanaClient {
  return async (method, path, body) => {
    const base = url.replace(/\/+$/, '');
    let last = 'not asked yet';
    for (let attempt = 1; ; attempt++) {
      if (signal?.aborted)
        throw new Error(`no time left for ${method} ${path}: ${last}`, { cause: signal.reason });
      // oxlint-disable-next-line no-await-in-loop -- each attempt follows from the one before
      const answer = await ask(`${base}${path}`, token, method, body, signal);
      if (answer.status >= 200 && answer.status < 300) return answer.body;
      const message = messageOf(answer.body).replaceAll(token, '***');
      if (attempt === attempts || !isPassing(answer.status)) {
        throw new GrafanaError(method, path, answer.status, message);
      }
      last = `the last of ${attempt} attempts was answered ${answer.status}: ${message}`;
      const backoffMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await wait(backoffMs * (0.5 + random() / 2), signal).catch((error: unknown) => {
        if (!signal?.aborted) throw error;
      });
    }
  };
}

/** As the client, but nothing when Grafana knows of no such thing. */
export async function find(grafana: GrafanaClient, path: string): Promise<unknown> {
  try {
    return await grafana('GET', path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Removes it, or sees that it is gone. */
export async function remove(grafana: GrafanaClient, path: string): Promise<void> {
  try {
    await grafana('DELETE', path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

interface Answer {
  /** 0: no answer came. */
  readonly status: number;
  readonly body: unknown;
}

async function ask(
  url: string,
  token: string,
  method: Method,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // a redirect leads to the login page, which would look like an answer
      redirect: 'manual',
      signal: AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
    return { status: response.status, body: parseBody(await response.text()) };
  } catch (error) {
    return { status: 0, body: { message: `no answer: ${reasonOf(error)}` } };
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isPassing(status: number): boolean {
  return status === 0 || status === 429 || status >= 500;
}

function isAbsent(error: unknown): boolean {
  return error instanceof GrafanaError && error.status === 404;
}

const withMessage = z.looseObject({ message: z.string() });

function messageOf(body: unknown): string {
  const known = withMessage.safeParse(body);
  const text = known.success ? known.data.message : typeof body === 'string' ? body : JSON.stringify(body);
  return text.slice(0, 300) || 'no message';
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {});
}

import * as z from 'zod';
import { describeError, refused, unavailable } from './outcome.ts';
import type { Refused, Unavailable } from './outcome.ts';
import { pause, persist } from './persist.ts';
import type { Sleep, TryAgain } from './persist.ts';
import { readText } from './read-text.ts';
import { retryAfterMs } from './retry-after.ts';

export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refused | Unavailable;

/** A body of the given shape. Rejects only when aborted. */
export type RestGet = <T>(path: string, shape: z.ZodType<T>, signal: AbortSignal) => Promise<Answer<T>>;

/** Of the 6,000 a minute that an address has; the rest is the exporter's, which may share it. */
const USABLE_WEIGHT = 4000;

const TIMEOUT_MS = 20_000;

/** The longest answer, the list of all symbols, is below half of it. */
const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** Where the exchange does not say for how long; its shortest ban is two minutes. */
const PAUSE_MS: Readonly<Record<number, number>> = { 429: 60_000, 418: 120_000, 403: 60_000 };

/**
 * Asks one request after the other, of the first host that answers, within the exchange's weight limit by its own count.
 * Source: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md#limits
 */
export function createRestGet(hosts: readonly string[], sleep: Sleep = pause): RestGet {
  let turn: Promise<unknown> = Promise.resolve();
  let hostIndex = 0;
  let usedWeight = 0;

  const attempt = async <T>(
    path: string,
    shape: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<Answer<T> | TryAgain> => {
    if (usedWeight >= USABLE_WEIGHT) await sleep(untilNextMinuteMs(), signal);
    usedWeight = 0;
    const host = hosts[hostIndex % hosts.length] ?? '';
    try {
      const response = await fetch(`${host}${path}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      usedWeight = Number(response.headers.get('x-mbx-used-weight-1m') ?? 0);
      return await read(response, shape, () => (hostIndex += 1));
    } catch (error) {
      signal.throwIfAborted();
      hostIndex += 1;
      return { kind: 'try-again', reason: `${host}: ${describeError(error)}`, afterMs: 0 };
    }
  };

  return async (path, shape, signal) => {
    const answered = turn.then(() => persist(() => attempt(path, shape, signal), signal, sleep));
    turn = answered.catch(() => undefined); // whoever asked hears of it
    const answer = await answered;
    return answer.kind === 'try-again' ? unavailable(answer.reason) : answer;
  };
}

async function read<T>(
  response: Response,
  shape: z.ZodType<T>,
  nextHost: () => void,
): Promise<Answer<T> | TryAgain> {
  const { status } = response;
  const text = await readText(response, MOST_BODY_BYTES);
  if (status === 200) {
    const parsed = shape.safeParse(parseJson(text));
    if (parsed.success) return { kind: 'ok', value: parsed.data };
    return unavailable(`${response.url}: unexpected answer: ${z.prettifyError(parsed.error).slice(0, 300)}`);
  }
  if (status === 429 || status === 418) {
    const afterMs = retryAfterMs(response, PAUSE_MS[status] ?? 0);
    return { kind: 'try-again', reason: `${response.url}: HTTP ${status}`, afterMs };
  }
  if (status === 451) {
    nextHost();
    const reason = `${response.url}: HTTP 451: this host refuses the region of this address; use a market-data-only host`;
    return { kind: 'try-again', reason, afterMs: 0 };
  }
  // A 403 is the firewall of this one host.
  if (status < 500 && status !== 403) {
    const parsed = errorSchema.safeParse(parseJson(text));
    return refused(parsed.success ? `code ${parsed.data.code}: ${parsed.data.msg}` : `HTTP ${status}`);
  }
  nextHost();
  return { kind: 'try-again', reason: `${response.url}: HTTP ${status}`, afterMs: retryAfterMs(response, 0) };
}

const errorSchema = z.object({ code: z.number(), msg: z.string() });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by its shape
  }
}

/** The exchange counts by minutes of the clock. */
function untilNextMinuteMs(): number {
  return 60_000 - (Date.now() % 60_000) + 500;
}

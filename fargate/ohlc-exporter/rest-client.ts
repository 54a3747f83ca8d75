import * as z from 'zod';
import { backoffMs } from './backoff.ts';
import type { Hosts } from './hosts.ts';
import type { Log } from './log.ts';
import { describeError } from './log.ts';
import { readText } from './read-text.ts';
import type { RequestWeight } from './request-weight.ts';
import { askedPauseMs } from './retry-after.ts';

export type RestOutcome =
  | { readonly kind: 'ok'; readonly body: unknown; readonly sentMs: number; readonly receivedMs: number }
  /** The request itself is wrong, for example an unknown symbol (code -1121): repeating it is of no use. */
  | { readonly kind: 'refused'; readonly code: number; readonly message: string }
  /** Out of reach, out of order or out of weight: worth another try after the pause. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number };

export interface RestClientOptions {
  readonly hosts: Hosts;
  readonly weight: RequestWeight;
  readonly log: Log;
  readonly count: (outcome: 'ok' | 'refused' | 'unavailable') => void;
  /** Longest wait for a whole answer. */
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

export type RestGet = (path: string, weight: number, signal: AbortSignal) => Promise<RestOutcome>;

const DEFAULT_TIMEOUT_MS = 10_000;

const PAUSE = { baseMs: 1000, capMs: 60_000 } as const;

/** A GET client for the exchange's REST API. Never throws for what the network or the exchange does; only for an abort. */
export function createRestClient(options: RestClientOptions): RestGet {
  const { hosts, weight, log, count, timeoutMs = DEFAULT_TIMEOUT_MS, now = Date.now } = options;
  let failuresInRow = 0;

  return async function get(path, requestWeight, signal) {
    weight.block(hosts.restMs(hosts.current));
    await weight.acquire(requestWeight, signal);
    const host = hosts.current;
    const sentMs = now();
    let outcome: RestOutcome;
    try {
      const response = await fetch(`${host}${path}`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      outcome = await read(response, host, sentMs);
    } catch (error) {
      signal.throwIfAborted();
      hosts.skip(host);
      outcome = unavailable(describeError(error));
    }
    failuresInRow = outcome.kind === 'unavailable' ? failuresInRow + 1 : 0;
    count(outcome.kind);
    if (outcome.kind === 'unavailable') {
      log.warn('rest-unavailable', {
        host,
        path: path.split('?')[0],
        reason: outcome.reason,
        retryAfterMs: outcome.retryAfterMs,
      });
    }
    return outcome;
  };

  async function read(response: Response, host: string, sentMs: number): Promise<RestOutcome> {
    const used = Number(response.headers.get('x-mbx-used-weight-1m') ?? Number.NaN);
    if (Number.isFinite(used) && used >= 0) weight.reported(used);
    const text = await readText(response);
    const { status } = response;
    if (status === 200) return parseBody(text, sentMs, host);
    const pauseMs = askedPauseMs(status, response.headers.get('retry-after'), now());
    if (status === 429 || status === 418) {
      // A rate limit or a ban is for our address, whichever host says so.
      weight.block(pauseMs);
      return { kind: 'unavailable', reason: `HTTP ${status}`, retryAfterMs: pauseMs };
    }
    if (status === 451) {
      hosts.skip(host);
      return unavailable(
        'HTTP 451: this host refuses the region of this address; use a market-data-only host or another region',
      );
    }
    // A 403 is the firewall of this one host.
    if (status >= 400 && status < 500 && status !== 403) {
      const parsed = errorSchema.safeParse(tryJson(text));
      const { code, msg } = parsed.success ? parsed.data : { code: -status, msg: text.slice(0, 200) };
      return { kind: 'refused', code, message: msg };
    }
    hosts.skip(host);
    hosts.rest(host, pauseMs);
    return unavailable(`HTTP ${status}`);
  }

  function parseBody(text: string, sentMs: number, host: string): RestOutcome {
    const body = tryJson(text);
    if (body === undefined) {
      hosts.skip(host);
      return unavailable('expected JSON, got something else');
    }
    return { kind: 'ok', body, sentMs, receivedMs: now() };
  }

  function unavailable(reason: string): RestOutcome {
    const pauseMs = Math.max(backoffMs(failuresInRow, PAUSE), hosts.restMs(hosts.current));
    return { kind: 'unavailable', reason, retryAfterMs: pauseMs };
  }
}

const errorSchema = z.object({ code: z.number(), msg: z.string() });

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller reports it with the status
  }
}

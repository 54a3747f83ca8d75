import { classifyRefusal } from './classify-refusal.ts';
import type { RefusalReason } from './classify-refusal.ts';
import { compressWriteRequest } from './compress-write-request.ts';
import { createLimiter } from './limiter.ts';
import type { RemoteWrite } from './remote-write.ts';
import type { Sample } from './sample.ts';
import type { SendOutcome } from './send-outcome.ts';
import { cutBySeries } from './series.ts';

export interface SendPorts extends RemoteWrite {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** A sample that the receiver will never take. */
export interface RefusedSample<S extends Sample> {
  readonly sample: S;
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** Every sample given to `deliver` ends in exactly one of stored, refused and unsent. */
export interface Delivery<S extends Sample> {
  readonly stored: number;
  readonly refused: readonly RefusedSample<S>[];
  /** Not taken yet, though it may be: to be delivered again. */
  readonly unsent: readonly S[];
  /** Why there is something unsent. */
  readonly gaveUp: string | undefined;
  /** Requests made, by what came of each. */
  readonly requests: RequestCounts;
}

export type RequestCounts = Readonly<Record<SendOutcome['kind'], number>>;

export const NOTHING_DELIVERED = {
  stored: 0,
  refused: [],
  unsent: [],
  gaveUp: undefined,
  requests: { stored: 0, refused: 0, unavailable: 0, forbidden: 0, misconfigured: 0 },
} as const satisfies Delivery<never>;

/**
 * Sends requests, lists of grouped samples, one after the other. What is unavailable is retried until `deadlineMs`; a
 * refused request is cut into parts down to single samples, because a receiver rolls the whole request back for one
 * bad sample, and its 400 does not say which. No request's bytes are sent again after a refusal.
 */
export async function deliver<S extends Sample>(
  requests: readonly (readonly S[])[],
  deadlineMs: number,
  ports: SendPorts,
): Promise<Delivery<S>> {
  const counts: Record<SendOutcome['kind'], number> = { ...NOTHING_DELIVERED.requests };
  const refused: RefusedSample<S>[] = [];
  const unsent: S[] = [];
  let stored = 0;
  let gaveUp: string | undefined;
  let refresh: Promise<void> | undefined;
  const limit = createLimiter(MAX_SENDS_AT_ONCE);

  const deliverPart = async (part: readonly S[]): Promise<void> => {
    const outcome = await sendUntilAnswered(part);
    if (outcome?.kind === 'stored') {
      stored += part.length;
      return;
    }
    if (outcome === undefined) {
      unsent.push(...part);
      return;
    }
    const [only] = part;
    if (part.length === 1 && only) {
      refused.push({ sample: only, reason: classifyRefusal(outcome.body), detail: describeRefusal(outcome) });
      return;
    }
    const series = cutBySeries(part);
    if (series.length > 1) {
      await Promise.all(inParts(series, FAN_OUT).map((smaller) => deliverPart(smaller.flat())));
    } else {
      // Parts of one series go in time order: side by side they would overtake one another.
      for (const smaller of inParts(part, FAN_OUT)) await deliverPart(smaller);
    }
  };

  /** Undefined once there is no use in going on. */
  const sendUntilAnswered = async (part: readonly S[]) => {
    const body = compressWriteRequest(part);
    for (let attempt = 0; gaveUp === undefined; attempt += 1) {
      const refreshedBefore = refresh;
      const outcome = await limit(() => sendOnce(body));
      if (outcome === undefined) break;
      counts[outcome.kind] += 1;
      switch (outcome.kind) {
        case 'stored':
        case 'refused':
          return outcome;
        case 'unavailable': {
          const waitMs = outcome.retryAfterMs ?? backoffMs(attempt, ports.random);
          if (ports.now() + waitMs >= deadlineMs) gaveUp ??= outcome.detail;
          else await ports.sleep(waitMs);
          break;
        }
        case 'forbidden':
          if (refreshedBefore) gaveUp ??= outcome.detail;
          else await (refresh ??= ports.refreshCredentials());
          break;
        case 'misconfigured':
          gaveUp ??= outcome.detail;
          break;
      }
    }
    return undefined;
  };

  const sendOnce = async (body: Uint8Array): Promise<SendOutcome | undefined> => {
    const leftMs = deadlineMs - ports.now();
    if (leftMs <= 0) gaveUp ??= 'no time left';
    return gaveUp === undefined ? ports.send(body, Math.min(leftMs, ATTEMPT_TIMEOUT_MS)) : undefined;
  };

  for (const request of requests) await deliverPart(request);
  return { stored, refused, unsent, gaveUp, requests: counts };
}

/** A healthy receiver answers in well under a second; a stuck one must leave time for another try. */
const ATTEMPT_TIMEOUT_MS = 10_000;

/** While a refused request is taken apart; more would look like an attack to a receiver that limits rates. */
const MAX_SENDS_AT_ONCE = 8;

/** Finds one bad sample among n in about 16 · log16(n) requests, and costs n / 15 more than n if all are bad. */
const FAN_OUT = 16;

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;

/** Doubles from try to try up to a cap; at least half of it, the rest by chance, so that containers do not march in step. */
function backoffMs(attempt: number, random: () => number): number {
  const capped = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
  return capped / 2 + (capped / 2) * random();
}

/** At most that many parts of about equal length; none is empty. */
function inParts<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const length = Math.ceil(items.length / most);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, part) =>
    items.slice(part * length, (part + 1) * length),
  );
}

function describeRefusal({ status, body }: { readonly status: number; readonly body: string }): string {
  return `the receiver answered ${status} ${body.trim().slice(0, 300)}`;
}

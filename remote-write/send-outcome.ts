/** What a remote-write receiver's answer means for the request that it answers. */
export type SendOutcome =
  | { readonly kind: 'stored' }
  /** Something in the request will never be taken; `body` is the receiver's text. */
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  /** The same request may be taken later. */
  | {
      readonly kind: 'unavailable';
      readonly detail: string;
      /** How long the receiver asked to be left alone. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** Neither waiting nor leaving samples out will help, for example no such workspace. */
  | { readonly kind: 'misconfigured'; readonly detail: string };

export interface ReceiverAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** `nowMs` is needed for a Retry-After that names a date. */
export function readAnswer({ status, retryAfter, body }: ReceiverAnswer, nowMs: number): SendOutcome {
  const detail = `${status} ${body.trim().slice(0, 300)}`;
  if (status >= 200 && status < 300) return { kind: 'stored' };
  if (CONTENT_STATUSES.has(status)) return { kind: 'refused', status, body };
  if (status >= 500 && PERMANENT_BODY.test(body)) return { kind: 'refused', status, body };
  if (status === 429 || status >= 500) {
    const retryAfterMs = readRetryAfter(retryAfter, nowMs);
    return { kind: 'unavailable', detail, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (status === 401 || status === 403) return { kind: 'forbidden', detail };
  return { kind: 'misconfigured', detail };
}

/** Bad request, too large, unprocessable: answers about the samples, not about the sender. */
const CONTENT_STATUSES: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Prometheus answers 500 for some samples it will never take (2.42: too old, a repeated label). The protocol says so
 * in the text alone, hence the match on a message.
 */
const PERMANENT_BODY =
  /too old sample|duplicate sample for timestamp|out of order sample|out of bounds|is not unique|invalid (?:sample|label|metric)/i;

/** Seconds or an HTTP date; undefined when absent or unreadable. */
function readRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

import * as z from 'zod';

/** What a client asks over its WebSocket; `fault` is the reply to what can't be understood. */
export type StreamRequest =
  | {
      readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
      readonly id: RequestId;
      readonly streams: readonly string[];
    }
  | { readonly method: 'LIST_SUBSCRIPTIONS' | 'GET_PROPERTY'; readonly id: RequestId }
  | { readonly method: 'SET_PROPERTY'; readonly id: RequestId; readonly combined: boolean }
  | { readonly method: 'fault'; readonly reply: string };

export type RequestId = number | string | null;

export function resultReply(id: RequestId, result: unknown): string {
  return JSON.stringify({ result, id });
}

export function errorReply(code: number, msg: string, id?: RequestId): string {
  return JSON.stringify({ error: { code, msg }, id });
}

/** Codes and texts: https://github.com/binance/binance-spot-api-docs/blob/master/web-socket-streams.md#error-messages */
export function readStreamRequest(text: string): StreamRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(3, 'Invalid JSON: expected value at line 1 column 1');
  }
  const parsed = requestSchema.safeParse(value);
  const at = `at line 1 column ${text.length}`;
  if (!parsed.success) return invalid(`missing field \`method\` ${at}`);
  const { method, params = [] } = parsed.data;
  const known = METHODS.find((name) => name === method);
  if (!known) {
    return invalid(
      `unknown variant \`${method}\`, expected one of ${METHODS.map((m) => `\`${m}\``).join(', ')} ${at}`,
    );
  }
  const identified = idSchema.safeParse(parsed.data.id);
  if (!identified.success) return invalid('request ID must be an unsigned integer');
  const id = identified.data;
  switch (known) {
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE': {
      const streams = z.array(z.string()).min(1).safeParse(params);
      return streams.success
        ? { method: known, id, streams: streams.data }
        : invalid('expected a list of stream names in `params`', id);
    }
    case 'LIST_SUBSCRIPTIONS':
      return params.length === 0 ? { method: known, id } : invalid('too many parameters', id);
    case 'SET_PROPERTY':
    case 'GET_PROPERTY':
      return property(known, params, id);
  }
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const;

const requestSchema = z.object({
  method: z.string(),
  params: z.array(z.unknown()).optional(),
  id: z.unknown().optional(),
});

const idSchema = z.union([z.int(), z.string().regex(/^[a-zA-Z0-9_-]{0,36}$/), z.null()]);

function property(
  method: 'SET_PROPERTY' | 'GET_PROPERTY',
  [name, value, ...more]: readonly unknown[],
  id: RequestId,
): StreamRequest {
  if (typeof name !== 'string') return invalid('property name must be a string', id);
  if (name !== 'combined') return refused(0, 'Unknown property', id);
  if (more.length > 0 || (method === 'GET_PROPERTY' && value !== undefined)) {
    return invalid('too many parameters', id);
  }
  if (method === 'GET_PROPERTY') return { method, id };
  return typeof value === 'boolean'
    ? { method, id, combined: value }
    : refused(1, 'Invalid value type: expected Boolean', id);
}

function invalid(reason: string, id?: RequestId): StreamRequest {
  return refused(2, `Invalid request: ${reason}`, id);
}

function refused(code: number, msg: string, id?: RequestId): StreamRequest {
  return { method: 'fault', reply: errorReply(code, msg, id) };
}

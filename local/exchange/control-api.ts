import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { ExchangeControl } from './start.ts';
import { faultSchema } from './fault.ts';

/**
 * Everything below `/control/`: GET clock, ledger, stats; GET, POST, DELETE faults; POST listings. Answers only
 * requests that name this machine in their Host header, and takes only JSON, so that no web page can reach it.
 */
export function serveControl(
  control: ExchangeControl,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  return async (request, response, url) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!LOOPBACK.has(host)) {
      return answer(response, 403, {
        error: `expected a Host header of this machine, got ${host || 'none'}`,
      });
    }
    const call = `${request.method} ${url.pathname}`;
    const faultId = /^DELETE \/control\/faults\/(\d+)$/.exec(call)?.[1];
    if (faultId !== undefined) {
      if (control.removeFault(Number(faultId))) return answer(response, 200, { removed: Number(faultId) });
      return answer(response, 404, { error: `expected the id of an active fault, got ${faultId}` });
    }
    switch (call) {
      case 'GET /control/clock':
        return answer(response, 200, {
          now: control.clock.now(),
          nowIso: new Date(control.clock.now()).toISOString(),
        });
      case 'GET /control/stats':
        return answer(response, 200, { connections: control.connections(), ...control.stats });
      case 'GET /control/faults':
        return answer(response, 200, { active: control.activeFaults() });
      case 'DELETE /control/faults':
        control.clearFaults();
        return answer(response, 200, { active: [] });
      case 'POST /control/faults':
        return withBody(request, response, faultSchema, (fault) => ({ id: control.inject(fault) }));
      case 'POST /control/listings':
        return withBody(request, response, listingSchema, ({ symbol, status }) => {
          const problem = status === 'TRADING' ? control.list(symbol) : control.delist(symbol);
          return problem === undefined ? { symbol, status } : { error: problem };
        });
      case 'GET /control/ledger':
        return sendLedger(control, response, url.searchParams);
      default:
        return answer(response, 404, { error: `expected one of ${CALLS.join(', ')}, got ${call}` });
    }
  };
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const CALLS = [
  'GET /control/clock',
  'GET /control/stats',
  'GET /control/ledger',
  'GET /control/faults',
  'POST /control/faults',
  'DELETE /control/faults',
  'DELETE /control/faults/ID',
  'POST /control/listings',
];

const BODY_LIMIT_BYTES = 1_000_000;

const listingSchema = z.strictObject({ symbol: z.string(), status: z.enum(['TRADING', 'BREAK']) });

const ledgerQuerySchema = z.strictObject({
  symbol: z.string().optional(),
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});

async function withBody<T>(
  request: IncomingMessage,
  response: ServerResponse,
  schema: z.ZodType<T>,
  act: (value: T) => object,
): Promise<void> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return answer(response, 415, { error: 'expected Content-Type: application/json' });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // An http request yields buffers as long as no encoding is set.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT_BYTES)
      return answer(response, 413, { error: `expected at most ${BODY_LIMIT_BYTES} bytes` });
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    return answer(response, 400, {
      error: `expected JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return answer(response, 400, { error: z.prettifyError(parsed.error) });
  const result = act(parsed.data);
  return answer(response, 'error' in result ? 400 : 200, result);
}

/** One JSON object a line. */
async function sendLedger(
  control: ExchangeControl,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const parsed = ledgerQuerySchema.safeParse(Object.fromEntries(query));
  if (!parsed.success) return answer(response, 400, { error: z.prettifyError(parsed.error) });
  const { symbol, from, to } = parsed.data;
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  let lines = '';
  for (const entry of control.ledger({ symbol, fromMs: from, toMs: to })) {
    lines += `${JSON.stringify(entry)}\n`;
    if (lines.length < LEDGER_CHUNK) continue;
    if (!response.write(lines)) await drained(response);
    if (response.destroyed) return;
    lines = '';
  }
  response.end(lines);
}

const LEDGER_CHUNK = 64_000;

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('drain', resolve).once('close', resolve);
  });
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

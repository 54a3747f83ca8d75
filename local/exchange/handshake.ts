import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import type { Clock } from './clock.ts';
import type { FaultBook } from './fault-book.ts';
import type { FaultOf } from './fault.ts';
import type { ExchangeLimits } from './limits.ts';
import type { Stats } from './stats.ts';

export type Handshake =
  | { readonly kind: 'accepted'; readonly streams: readonly string[]; readonly combined: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterSeconds?: number | undefined }
  /** Left without an answer. */
  | { readonly kind: 'ignored' };

/** Decides on each WebSocket upgrade: its path, the faults, and how often the address has tried. */
export function openGate(
  wall: Clock,
  limits: ExchangeLimits,
  faults: FaultBook,
  stats: Stats,
): (request: IncomingMessage) => Handshake {
  const attempts = new Map<string, readonly number[]>();
  const overTheLimit = (address: string): Handshake | undefined => {
    const now = wall.now();
    const recent = [...(attempts.get(address) ?? []).filter((at) => at > now - limits.attemptWindowMs), now];
    attempts.set(address, recent);
    if (recent.length <= limits.connectionAttempts) return undefined;
    const [oldest = now] = recent;
    return refused(429, Math.ceil((oldest + limits.attemptWindowMs - now) / 1000));
  };
  return (request) => {
    stats.handshakes += 1;
    const fault = faults.strikeHandshake();
    const decision =
      (fault && struck(fault)) ??
      overTheLimit(request.socket.remoteAddress ?? '') ??
      readTarget(request.url ?? '', limits);
    if (decision.kind === 'refused') stats.refusedHandshakes += 1;
    return decision;
  };
}

function struck(fault: FaultOf<'refuse' | 'handshake-timeout'>): Handshake {
  return fault.kind === 'refuse' ? refused(fault.status, fault.retryAfterSeconds) : { kind: 'ignored' };
}

export function refuseHandshake(socket: Duplex, status: number, retryAfterSeconds?: number): void {
  const text = status === 451 ? RESTRICTED : (STATUS_CODES[status] ?? '');
  const content = JSON.stringify({ code: 0, msg: text });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(content)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${content}`);
}

const RESTRICTED =
  "Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms.";

function readTarget(target: string, limits: ExchangeLimits): Handshake {
  if (target.length > limits.urlLength) return refused(414);
  const [path = '', query = ''] = target.split('?', 2);
  if (path === '/ws' || path.startsWith('/ws/')) {
    return opened(path.slice('/ws/'.length), false, limits);
  }
  // Not URLSearchParams, which would turn a plus into a space.
  const streams =
    query
      .split('&')
      .find((part) => part.startsWith('streams='))
      ?.slice('streams='.length) ?? '';
  return path === '/stream' ? opened(streams, true, limits) : refused(404);
}

function opened(names: string, combined: boolean, limits: ExchangeLimits): Handshake {
  let decoded: readonly string[];
  try {
    decoded = names.split('/').map(decodeURIComponent);
  } catch {
    return refused(400);
  }
  const streams = [...new Set(decoded.filter((name) => name !== ''))];
  return streams.length > limits.streamsPerConnection
    ? refused(400)
    : { kind: 'accepted', streams, combined };
}

function refused(status: number, retryAfterSeconds?: number): Handshake {
  return { kind: 'refused', status, retryAfterSeconds };
}

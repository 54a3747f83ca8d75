import type { IncomingMessage } from 'node:http';

/** Why a request is not served, or undefined when it may be. */
export interface Refusal {
  readonly status: 400 | 405 | 421;
  readonly message: string;
}

/**
 * Loopback is reachable from any web page that the user has open. A foreign Host header is such a page that had its
 * own name resolved to 127.0.0.1 (DNS rebinding), so only the names of this machine are taken.
 */
export function refuse(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  port: number,
): Refusal | undefined {
  if (request.method !== 'GET') {
    return { status: 405, message: `expected GET, got ${request.method ?? 'no method'}` };
  }
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = request.headers.host?.toLowerCase() ?? '';
  if (!hosts.includes(host)) {
    return { status: 421, message: `expected the host ${hosts.join(' or ')}, got "${host.slice(0, 128)}"` };
  }
  return undefined;
}

/** Sent with every answer: nothing but this server's own files runs, loads or frames the page. */
export const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

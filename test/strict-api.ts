import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { startHttpServer } from './http-server.ts';
import type { HttpServer } from './http-server.ts';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Route {
  readonly method: string;
  /** Segments that begin with a colon are parameters. */
  readonly path: string;
  readonly answer: (call: Call) => Reply;
}

export interface StrictApi extends HttpServer {
  /** Method, path and status of every answer, in order. */
  readonly answered: readonly string[];
  /** Requests that no route is there for: whoever makes one is wrong about the API. */
  readonly unknown: readonly string[];
  /** Asked first, of each request as `METHOD path`: what it returns is the answer. */
  interfere: (request: string) => Reply | undefined;
  /** Asked of each request that was done, as `METHOD path`: whether its answer gets lost behind a 502. */
  loses: (request: string) => boolean;
}

export interface StrictApiOptions {
  /** Refuses who may not ask. */
  readonly authorize: (request: IncomingMessage) => Reply | undefined;
  /** An error as this API words it. */
  readonly refuse: (status: number, message: string) => Reply;
}

/** A route whose body has to be of this shape; in strict objects, a field too many is refused as well. */
export function withBody<T>(
  method: string,
  path: string,
  schema: z.ZodType<T>,
  answer: (call: Call & { readonly body: T }) => Reply,
): Route {
  return { method, path, answer: (call) => answer({ ...call, body: schema.parse(call.body) }) };
}

export function withoutBody(method: string, path: string, answer: (call: Call) => Reply): Route {
  return { method, path, answer: (call) => answer({ ...call, body: z.undefined().parse(call.body) }) };
}

/** A server on loopback that knows these routes and no others. */
export async function startStrictApi(
  routes: readonly Route[],
  { authorize, refuse }: StrictApiOptions,
): Promise<StrictApi> {
  const answered: string[] = [];
  const unknown: string[] = [];
  const server = await startHttpServer((request, response) => void reply(request, response));
  const api: StrictApi = Object.assign(server, {
    answered,
    unknown,
    interfere: () => undefined,
    loses: () => false,
  });
  return api;

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const asked = `${request.method} ${pathname}`;
    const made =
      api.interfere(asked) ?? authorize(request) ?? (await route(request, asked, pathname, searchParams));
    const { status, body, headers } = api.loses(asked) ? refuse(502, 'bad gateway') : made;
    answered.push(`${asked} ${status}`);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  async function route(request: IncomingMessage, asked: string, pathname: string, query: URLSearchParams) {
    for (const { method, path, answer } of routes) {
      const params = matchPath(path, pathname);
      if (method !== request.method || params === undefined) continue;
      try {
        return answer({ params, query, body: await bodyOf(request) });
      } catch (error) {
        return refuse(400, error instanceof z.ZodError ? z.prettifyError(error) : String(error));
      }
    }
    unknown.push(asked);
    return refuse(404, `no such route: ${asked}`);
  }
}

function matchPath(pattern: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if ((length === undefined || length === '0') && encoding === undefined) return undefined;
  if (type !== 'application/json') throw new Error(`expected a body of application/json, got ${type}`);
  return json(request);
}

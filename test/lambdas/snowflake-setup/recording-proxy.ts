import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { startHttpServer } from '#test/http-server.ts';
import type { HttpServer } from '#test/http-server.ts';

export interface RecordingProxy extends HttpServer {
  /** The text of every statement that went through, in order. */
  readonly statements: string[];
  /** Asked of each statement: what is run in its place. */
  replace: (sql: string) => string | undefined;
}

/** Stands before the emulator, which takes keys of users without keeping them, and so can't be asked. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const statements: string[] = [];
  const server = await startHttpServer((request, response) => void pass(request, response));
  const proxy: RecordingProxy = Object.assign(server, { statements, replace: () => undefined });
  return proxy;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { ...authorization(request), 'content-type': 'application/json', accept: 'application/json' },
      ...(request.method === 'POST' && { body: rewritten(await buffer(request)) }),
    });
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(Buffer.from(await answer.arrayBuffer()));
  }

  function rewritten(raw: Buffer): string {
    const text = (raw[0] === 0x1f ? gunzipSync(raw) : raw).toString();
    const body: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('sqlText' in body)) return text;
    const sql = String(body.sqlText);
    statements.push(sql);
    return JSON.stringify({ ...body, sqlText: proxy.replace(sql) ?? sql });
  }
}

function authorization({ headers }: IncomingMessage): Record<string, string> {
  return headers.authorization === undefined ? {} : { authorization: headers.authorization };
}

import { request as ask } from 'node:http';
import { startTcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import type { TcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import { startHttpServer } from '#test/http-server.ts';

/** What stands between who writes and a store: a link that can be broken, then a door that can be shut. */
export interface StoreGate extends AsyncDisposable {
  readonly remoteWriteUrl: string;
  readonly link: TcpFaultProxy;
  /** Answers every request with this status, and passes none on. */
  refuse(status: number): void;
  /** As a store without a fault. */
  pass(): void;
}

const PATH = '/api/v1/write';

export async function startStoreGate(storeUrl: string): Promise<StoreGate> {
  await using stack = new AsyncDisposableStack();
  let refusal: number | undefined;
  const door = stack.use(
    await startHttpServer((request, response) => {
      if (refusal !== undefined) {
        request.resume();
        response.writeHead(refusal).end('refused on purpose');
        return;
      }
      const { method, headers } = request;
      const passed = ask(`${storeUrl}${request.url}`, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      // Who writes tries again: an answer of our own would be one that the store never gave.
      passed.on('error', () => response.destroy());
      response.on('close', () => passed.destroy());
      request.pipe(passed);
    }),
  );
  const link = stack.use(await startTcpFaultProxy(Number(new URL(door.url).port)));
  const owned = stack.move();
  return {
    remoteWriteUrl: `http://127.0.0.1:${link.port}${PATH}`,
    link,
    refuse: (status) => (refusal = status),
    pass: () => (refusal = undefined),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

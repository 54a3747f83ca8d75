import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';

/** Serves what `writeArchive` wrote, as data.binance.vision does. */
export async function serveArchive(folder: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      // a parsed path has no `..` left in it
      const file = join(folder, pathname);
      const bytes = await stat(file).then(
        ({ size }) => size,
        () => undefined,
      );
      if (bytes === undefined) return response.writeHead(404).end();
      response.writeHead(200, { 'content-length': bytes });
      return createReadStream(file).pipe(response);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // a server on TCP has an address with a port
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

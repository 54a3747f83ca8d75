import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { chooseSource } from '#local/supervisor/choose-source.ts';

// nothing of ours listens on this loopback address
const UNREACHABLE = 'http://127.0.0.2:4444';

test('live is chosen when one of the hosts answers a ping, and is named', async () => {
  await using host = await serving((request, response) => {
    response.writeHead(request.url === '/api/v3/ping' ? 200 : 404).end('{}');
  });
  expect(await chooseSource(undefined, [UNREACHABLE, host.url])).toEqual({
    source: 'live',
    reason: `live from Binance: ${host.url} answers`,
  });
});

test('replay is chosen when no host answers, with the reason of each', async () => {
  await using refusing = await serving((_, response) => response.writeHead(451).end());
  await using silent = await serving(() => {});
  const { source, reason } = await chooseSource(undefined, [refusing.url, UNREACHABLE, silent.url], 200);
  expect(source).toBe('replay');
  expect(reason).toMatch(/^replay of recorded candles: no host of Binance answered within 0.2 s/);
  expect(reason).toContain('refuses this region (451)');
  expect(reason).toContain('ECONNREFUSED 127.0.0.2:4444');
  expect(reason).toContain('timeout');
});

test('live that was asked for in vain is an error with the reason, not a replay', async () => {
  await expect(chooseSource('live', [UNREACHABLE])).rejects.toThrow(/expected live candles.*ECONNREFUSED/);
});

test('a replay that was asked for asks no host', async () => {
  let requests = 0;
  await using host = await serving((_, response) => {
    requests += 1;
    response.end();
  });
  expect((await chooseSource('replay', [host.url])).source).toBe('replay');
  expect(requests).toBe(0);
});

async function serving(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

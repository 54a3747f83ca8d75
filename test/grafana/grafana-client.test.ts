import { expect, test } from 'vitest';
import { createGrafanaClient } from '#grafana/provision/grafana-client.ts';
import { startHttpServer } from '#test/http-server.ts';

const TOKEN = 'glsa_secret';

test('an error names request, status and message, and hides the token that Grafana repeats', async () => {
  await using server = await startHttpServer((_, response) =>
    response.writeHead(403).end(JSON.stringify({ message: `no permission for ${TOKEN}` })),
  );
  await expect(createGrafanaClient(server.url, TOKEN)('PUT', '/api/folders/a', {})).rejects.toThrow(
    /^PUT \/api\/folders\/a answered 403: no permission for \*\*\*$/,
  );
});

test('the way to the login page is no answer', async () => {
  await using server = await startHttpServer((request, response) =>
    request.url === '/login' ? response.end('{}') : response.writeHead(302, { location: '/login' }).end(),
  );
  await expect(createGrafanaClient(server.url, TOKEN)('GET', '/api/org')).rejects.toThrow('answered 302');
  expect(server.requests).toEqual(['/api/org']);
});

test('what is overloaded is asked again, longer and longer apart, and not for ever', async () => {
  await using server = await startHttpServer((_, response) => response.writeHead(429).end('slow down'));
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const grafana = createGrafanaClient(server.url, TOKEN, { wait, random: () => 1 });
  await expect(grafana('GET', '/api/org')).rejects.toThrow('GET /api/org answered 429: slow down');
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(server.requests).toHaveLength(8);
});

import { once } from 'node:events';
import { createServer } from 'node:https';
import { expect, test } from 'vitest';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { RequestWeight } from '#fargate/ohlc-exporter/request-weight.ts';
import { createRestClient } from '#fargate/ohlc-exporter/rest-client.ts';
import { startHttpServer } from '#test/http-server.ts';
import { recordingLog } from '#test/recording-log.ts';
import { connect, until } from './connect-streams.ts';
import { portOf } from './port-of.ts';
import { selfSigned } from './self-signed.ts';
import { startStreamServer } from './stream-server.ts';

test('A14 a certificate that does not hold hands a connection over to the next host', async () => {
  await using untrusted = await startUntrusted();
  await using server = await startStreamServer();
  const { streams, seen, lines } = connect([`wss://${untrusted.host}`, server.url]);
  await streams.add(['BTCUSDT']);
  await until(() => seen.connected === 1);
  expect(server.sockets.length).toBe(1);
  expect(lines.find((line) => line.event === 'connection-failed')?.facts).toMatchObject({
    reason: expect.stringContaining('self-signed certificate'),
    nextHost: server.url,
  });
  expect(untrusted.answered()).toBe(0);
});

test('A14 a certificate that does not hold hands a REST request over to the next host', async () => {
  await using untrusted = await startUntrusted();
  await using server = await startHttpServer((_, response) => response.end('{}'));
  const hosts = new Hosts([`https://${untrusted.host}`, server.url]);
  const { log } = recordingLog();
  const get = createRestClient({ hosts, weight: new RequestWeight(), log, count: () => {} });
  const { signal } = new AbortController();
  expect(await get('/x', 1, signal)).toMatchObject({
    kind: 'unavailable',
    reason: expect.stringContaining('self-signed certificate'),
  });
  expect(await get('/x', 1, signal)).toMatchObject({ kind: 'ok' });
  expect(untrusted.answered()).toBe(0);
});

/** A TLS server whose certificate nobody vouches for; counts what got past the handshake all the same. */
async function startUntrusted() {
  const pem = selfSigned();
  let answered = 0;
  const server = createServer({ key: pem, cert: pem }, (_, response) => {
    answered += 1;
    response.end('{}');
  });
  server.on('upgrade', (_, socket) => {
    answered += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${portOf(server)}`,
    answered: () => answered,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { expect, test, vi } from 'vitest';
import { answers } from '#test/fargate/ohlc-exporter/exporter-process.ts';
import { portOf } from '#test/fargate/ohlc-exporter/port-of.ts';
import { startHttpServer } from '#test/http-server.ts';
import { onOneBroker } from './stand.ts';

vi.setConfig({ testTimeout: 120_000 });

const { startRun } = onOneBroker();

/** Reserved by RFC 6761: no name server has it. */
const NO_NAME = 'no-such-host.invalid';

test('A14 a host that refuses the region, has no address or shows a wrong certificate hands over to the next; if all fail each says why', async () => {
  await using run = await startRun();
  await using refusing = await startHttpServer((_, response) => response.writeHead(451).end());
  await using untrusted = await startUntrusted();
  const port = new URL(refusing.url).port;
  const bad = (scheme: string) => [
    `${scheme}://127.0.0.1:${port}`,
    `${scheme}s://${NO_NAME}`,
    `${scheme}s://${untrusted.host}`,
  ];

  const exporter = await run.exporter({
    env: {
      BINANCE_WS_URLS: [...bad('ws'), run.exchange.wsUrl].join(','),
      BINANCE_REST_URLS: [...bad('http'), run.exchange.url].join(','),
    },
  });
  await run.minutes(2);
  await run.nothingLost();
  const reasons = [
    /451: this host refuses the region of this address/,
    /ENOTFOUND|EAI_AGAIN/,
    /self-signed certificate/,
  ];
  for (const reason of reasons) {
    expect(linesOf(exporter.log(), 'connection-failed')).toMatch(reason);
    expect(linesOf(exporter.log(), 'rest-unavailable')).toMatch(reason);
  }
  await exporter.stop();

  const lost = await run.exporter({
    env: { BINANCE_WS_URLS: bad('ws').join(','), BINANCE_REST_URLS: bad('http').join(',') },
    isReady: answers,
  });
  await vi.waitFor(
    () => {
      for (const reason of reasons) expect(linesOf(lost.log(), 'connection-failed')).toMatch(reason);
    },
    { timeout: 40_000 },
  );
  const readiness = await fetch(`${lost.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(JSON.stringify(await readiness.json())).toContain('not every WebSocket connection is open');
});

function linesOf(log: string, event: string): string {
  return log
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .join('\n');
}

/** A TLS server whose certificate nobody vouches for. */
async function startUntrusted() {
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=127.0.0.1 -keyout - -out -';
  const pem = execFileSync('openssl', request.split(' '), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const server = createServer({ key: pem, cert: pem });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${portOf(server)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

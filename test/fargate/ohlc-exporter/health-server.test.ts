import { createServer } from 'node:net';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { EnvironmentError } from '#domain/environment.ts';
import { startHealthServer } from '#fargate/ohlc-exporter/health-server.ts';
import { portOf } from './port-of.ts';

test('a taken METRICS_PORT is named, with the port and what to do', async () => {
  await using other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = portOf(other);
  const starting = startHealthServer({
    host: '127.0.0.1',
    port,
    registry: new Registry(),
    readiness: () => ({ ready: true, reasons: [], connections: 0, symbols: 0, staleSymbols: [] }),
  });
  await expect(starting).rejects.toThrow(EnvironmentError);
  await expect(starting).rejects.toThrow(
    new RegExp(`^METRICS_PORT: expected a free port .*got ${port}, .*choose another port$`),
  );
});

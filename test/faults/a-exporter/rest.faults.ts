import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import type { FaultInput } from '#local/exchange/fault.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { onOneBroker } from './stand.ts';

vi.setConfig({ testTimeout: 240_000 });

const { startRun } = onOneBroker();

const RETRY_AFTER_S = 30;
/** An outage of this long, in the exchange's time, is asked about a few times and no more. */
const OUTAGE_MS = 2 * MINUTE_MS;
const MOST_REQUESTS = 20;

test('A8 REST that refuses, fails or says nothing is asked no sooner than it allows and never in a loop, and the hole stays queued', async () => {
  await using run = await startRun({ speed: 20 });
  const { exchange, clock } = run;
  const exporter = await run.exporter();
  await run.minutes(1);

  for (const status of [429, 418]) {
    exchange.inject({ kind: 'missing', at: 'stream', symbols: ['BTCUSDT'] });
    // Of the candles only: the exchange's time is asked for every minute, hole or not.
    const fault = exchange.inject({
      kind: 'rest-status',
      status,
      retryAfterSeconds: RETRY_AFTER_S,
      path: '/api/v3/klines',
    });
    await vi.waitFor(() => expect(strikes(exchange)).toBe(1), { timeout: 30_000, interval: 2 });
    const struckAt = clock.now();
    await run.wait(RETRY_AFTER_S * 1000 - 5000 - (clock.now() - struckAt));
    expect(strikes(exchange), `${status}: requests before its Retry-After`).toBe(1);
    expect(await exporter.metric(EXPORTER_METRICS.holesOpen.name)).toBe(1);
    exchange.removeFault(fault);
    await run.minutes(1);
    await run.nothingLost();
  }

  const outages: readonly FaultInput[] = [
    { kind: 'rest-status', status: 500 },
    { kind: 'rest-status', status: 503 },
    { kind: 'rest-timeout' },
    { kind: 'rest-reset' },
  ];
  for (const outage of outages) {
    exchange.inject({ kind: 'missing', at: 'stream', symbols: ['BTCUSDT'] });
    await run.minutes(1);
    const fault = exchange.inject(outage);
    exchange.inject({ kind: 'missing', at: 'stream', symbols: ['ETHUSDT'] });
    await run.wait(OUTAGE_MS);
    const asked = strikes(exchange);
    expect(asked).toBeGreaterThan(0);
    expect(asked, `${JSON.stringify(outage)}: requests in two minutes`).toBeLessThan(MOST_REQUESTS);
    expect(await exporter.metric(EXPORTER_METRICS.holesOpen.name)).toBeGreaterThan(0);
    exchange.removeFault(fault);
    await run.nothingLost({ withinMs: 40_000 });
  }
});

/** How often the REST fault of the moment was hit. */
function strikes(exchange: Exchange): number {
  return exchange
    .activeFaults()
    .reduce((sum, { fault, strikes: times }) => sum + (fault.kind.startsWith('rest-') ? times : 0), 0);
}

import { expect, test, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { candleAt } from '#test/candles.ts';
import { openBrowser } from './open-browser.ts';
import { startStand } from './stand.ts';

test('candles of a replay that lies behind the clock move the price as soon as live ones do', async () => {
  await using stand = await startStand();
  await using browser = await openBrowser();
  const firstMs = Math.floor(Date.now() / MINUTE_MS - 40) * MINUTE_MS;
  const write = (minute: number, close: string) => {
    const prices = { open: close, close, high: close, low: close };
    return stand.write([candleAt(firstMs + minute * MINUTE_MS, 'BTCUSDT', prices)], Date.now());
  };
  await write(0, '5.10000000');
  const { page } = await browser.open(`${stand.page.url}/#symbol=BTCUSDT`);
  const price = () => page.getAttribute('#price', 'value');
  await vi.waitFor(async () => expect(await price()).toBe('5.1'), { timeout: 18_000, interval: 200 });

  await write(1, '5.20000000');
  // It asks every 2 s, and every 20 s for more than the latest minutes of the wall clock.
  await vi.waitFor(async () => expect(await price()).toBe('5.2'), { timeout: 10_000, interval: 200 });
});

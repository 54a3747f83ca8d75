import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { openBrowser } from '#test/local/page/open-browser.ts';
import { startPipeline } from './pipeline.ts';
import { closeAtExchange, minuteOf, untilShown } from './shown-candle.ts';

const { again, speed, batch } = readCase('again', 'speed', 'batch');
const data = variable('BENCH_DATA');
const folder = again ? data : await mkdtemp(join(data, 'run-'));
// the user's browser runs already
await using browser = await openBrowser();
// At the pace of the clock, from the beginning of a minute: the one that has just closed is in no older data, and none closes
// before the pipeline is up, so what is measured hangs on no chance.
if (speed === 1) await sleep(MINUTE_MS - (Date.now() % MINUTE_MS) + 500);

const startedMs = performance.now();
const lastClosed = minuteOf(Date.now());
const seconds = () => (performance.now() - startedMs) / 1000;
const took = await run();
report(took);

async function run() {
  await using pipeline = await startPipeline({ folder, speed, batch: batch === 1 });
  await pipeline.untilOpen();
  const openSeconds = seconds();
  const { page } = await browser.open(pipeline.page);
  let shown = await untilShown(page, ({ closedAt }) => speed > 1 || closedAt === lastClosed);
  const firstSeconds = seconds();
  if (speed > 1) {
    const { closedAt, symbol } = shown;
    shown = await untilShown(page, (candle) => candle.symbol === symbol && candle.closedAt !== closedAt);
  }
  const wallSeconds = seconds();
  const isRight = shown.price === (await closeAtExchange(pipeline.exchange, shown));
  return {
    counts: { rightCandles: isRight ? 1 : 0 },
    wallSeconds,
    figures: { openSeconds, firstSeconds },
  };
}

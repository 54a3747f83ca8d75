import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE_MS } from '#domain/candle.ts';
import { readCase } from '#bench/run/contestant.ts';
import { FIRST_OPEN_MS, FRAMES_PER_CANDLE, symbolNames, updateOf } from '#bench/decode/market.ts';
import { roomIn, serveMarket, textHeader } from '#bench/decode/serve-market.ts';
import type { Reader } from '#bench/decode/serve-market.ts';

// Minutes of the market, one in `minuteMs` at most and no faster than they are read; the exchange's clock goes with them.
const work = readCase('symbols', 'minutes', 'updates', 'minuteMs');
const symbols = symbolNames(work.symbols);
const clock = { nowMs: FIRST_OPEN_MS };

console.log(await serveMarket({ symbols, nowMs: () => clock.nowMs, send }));

async function send({ socket, combined, subscribed }: Reader): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve));
  const indexes = [...subscribed].toSorted((a, b) => a - b);
  for (let minute = 0; minute < work.minutes && !socket.destroyed; minute += 1) {
    const pace = delay(work.minuteMs);
    // The last of a minute is the closed candle, and what came before it is left out but for a few.
    for (let update = FRAMES_PER_CANDLE - work.updates; update < FRAMES_PER_CANDLE; update += 1) {
      clock.nowMs = Math.max(clock.nowMs, FIRST_OPEN_MS + minute * MINUTE_MS + update * 2000);
      const parts = indexes.flatMap((index) => {
        const frame = updateOf(symbols[index] ?? '', index, minute, update);
        const payload = combined ? frame.combined : frame.raw;
        return [textHeader(payload.length), payload];
      });
      if (!socket.write(Buffer.concat(parts))) await roomIn(socket);
    }
    await pace;
  }
  // the day of whoever comes next begins when this one has gone
  await gone;
  clock.nowMs = FIRST_OPEN_MS;
}

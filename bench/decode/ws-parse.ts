import { WebSocket } from 'ws';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import type { KlineEvent } from './kline.ts';
import { centsOf, symbolNames } from './market.ts';

// What one writes without a library: no check of what came, numbers as JavaScript has them.
const { symbols, frames: wanted, warmUp } = readCase('symbols', 'frames', 'warmUp');
const params = symbolNames(symbols).map((symbol) => `${symbol.toLowerCase()}@kline_1m`);
const counts = { frames: 0, closed: 0, closeCents: 0 };
let elapsed = startClocks();
const socket = new WebSocket(`ws://${variable('BENCH_EXCHANGE')}/stream`, { perMessageDeflate: false });
socket.on('open', () => socket.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: 1 })));
socket.once('message', () => {
  socket.on('message', (data: Buffer) => {
    // the server of this bench sends nothing else; like most such programs, it takes that on trust
    const { data: event } = JSON.parse(data.toString()) as { readonly data: KlineEvent };
    counts.frames += 1;
    if (event.k.x) {
      counts.closed += 1;
      counts.closeCents += centsOf(event.k.c);
    }
    if (counts.frames === warmUp) elapsed = startClocks();
    if (counts.frames === wanted) report({ counts, ...elapsed() });
  });
});

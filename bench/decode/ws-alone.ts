import { WebSocket } from 'ws';
import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { symbolNames } from './market.ts';

const { symbols, frames: wanted, warmUp } = readCase('symbols', 'frames', 'warmUp');
const params = symbolNames(symbols).map((symbol) => `${symbol.toLowerCase()}@kline_1m`);
let elapsed = startClocks();
let frames = 0;
const socket = new WebSocket(`ws://${variable('BENCH_EXCHANGE')}/stream`, { perMessageDeflate: false });
socket.on('open', () => socket.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: 1 })));
socket.once('message', () => {
  // the first is the answer to SUBSCRIBE
  socket.on('message', () => {
    frames += 1;
    if (frames === warmUp) elapsed = startClocks();
    if (frames === wanted) report({ counts: { frames }, ...elapsed() });
  });
});

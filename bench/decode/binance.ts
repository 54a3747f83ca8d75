import { peerVersion, readCase, report, requirePeer, startClocks, variable } from '#bench/run/contestant.ts';
import type { KlineEvent } from './kline.ts';
import { centsOf, symbolNames } from './market.ts';

// as much of the package's types as is used here
const { WebsocketClient } = requirePeer('binance') as {
  readonly WebsocketClient: new (
    options: Readonly<Record<string, unknown>>,
    logger: Readonly<Record<string, () => void>>,
  ) => {
    on(event: string, listener: (message: KlineEvent & { readonly data?: KlineEvent }) => void): void;
    subscribe(topics: readonly string[], wsKey: string): Promise<unknown>;
  };
};

const { symbols, frames: wanted, warmUp } = readCase('symbols', 'frames', 'warmUp');
const counts = { frames: 0, closed: 0, closeCents: 0 };
// `message` is its raw event, parsed; the slower `formattedMessage` renames the fields
const quiet = () => undefined;
const client = new WebsocketClient(
  { wsUrl: `ws://${variable('BENCH_EXCHANGE')}/stream`, beautify: false },
  { trace: quiet, info: quiet, error: console.error },
);
client.on('exception', (problem) => console.error(problem));
client.on('message', (message) => {
  const event = message.data ?? message;
  if (event.e !== 'kline') return;
  counts.frames += 1;
  if (event.k.x) {
    counts.closed += 1;
    counts.closeCents += centsOf(event.k.c);
  }
  if (counts.frames === warmUp) elapsed = startClocks();
  if (counts.frames === wanted) report({ counts, version: peerVersion('binance'), ...elapsed() });
});
let elapsed = startClocks();
await client.subscribe(
  symbolNames(symbols).map((symbol) => `${symbol.toLowerCase()}@kline_1m`),
  'main',
);

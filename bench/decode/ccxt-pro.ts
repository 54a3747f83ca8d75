import { peerVersion, readCase, report, requirePeer, startClocks, variable } from '#bench/run/contestant.ts';
import { baseAsset, centsOf } from './market.ts';

type Candle = readonly [
  openMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
];

interface Exchange {
  urls: { api: { ws: Record<string, string>; public: string } };
  ohlcvs: Readonly<Record<string, Readonly<Record<string, readonly Candle[]>>>>;
  handleOHLCV(client: unknown, message: unknown): unknown;
  loadHttpProxyAgent(): Promise<unknown>;
  loadMarkets(): Promise<unknown>;
  watchOHLCVForSymbols(pairs: readonly (readonly [string, string])[]): Promise<unknown>;
}

// as much of the package's types as is used here
const { pro } = requirePeer('ccxt') as {
  readonly pro: { readonly binance: new (options: Readonly<Record<string, unknown>>) => Exchange };
};

const { symbols, frames: wanted, warmUp } = readCase('symbols', 'frames', 'warmUp');
let frames = 0;

class CountingBinance extends pro.binance {
  override handleOHLCV(client: unknown, message: unknown): unknown {
    const handled = super.handleOHLCV(client, message);
    frames += 1;
    if (frames === warmUp) elapsed = startClocks();
    if (frames === wanted) finish(this);
    return handled;
  }
}

// it keeps a thousand candles of a symbol otherwise, and all are counted at the end
const exchange = new CountingBinance({
  options: { fetchMarkets: { types: ['spot'] }, fetchMargins: false, OHLCVLimit: wanted },
});
exchange.urls.api.ws['spot'] = `ws://${variable('BENCH_EXCHANGE')}/ws`;
exchange.urls.api.public = `http://${variable('BENCH_EXCHANGE')}/api/v3`;
// asked for wherever the address is no wss://
await exchange.loadHttpProxyAgent();
await exchange.loadMarkets();
const pairs = Array.from({ length: symbols }, (_, index) => [`${baseAsset(index)}/USDT`, '1m'] as const);
let elapsed = startClocks();
for (;;) await exchange.watchOHLCVForSymbols(pairs);

/** The last frame of each minute is its closed candle, so every candle in the cache is one now. */
function finish({ ohlcvs }: Exchange): void {
  const took = elapsed();
  const candles = Object.values(ohlcvs).flatMap((byInterval) => [...(byInterval['1m'] ?? [])]);
  const closeCents = candles.reduce((sum, [, , , , close]) => sum + centsOf(close), 0);
  report({ counts: { frames, closed: candles.length, closeCents }, version: peerVersion('ccxt'), ...took });
}

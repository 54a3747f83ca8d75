import type { GroupCases } from './alert-case.ts';

const labels = (symbol: string) => `{exchange="binance",interval="1m",symbol="${symbol}"}`;
const close = (symbol: string) => `crypto_candle_close_price${labels(symbol)}`;
const volume = (symbol: string) => `crypto_candle_quote_volume${labels(symbol)}`;

/** A price that goes a tenth of a percent up and down, minute by minute: its usual return of five minutes is 0.22 %. */
const restless = (minutes: number, step = 0.1) =>
  Array.from({ length: minutes }, (_, minute) => String(100 + (minute % 2) * step)).join(' ');

/** Then a move of so many percent, spread over five minutes, and a standstill. */
const moved = (percent: number) =>
  [1, 2, 3, 4, 5, 5, 5, 5].map((part) => String(100 + (percent * part) / 5)).join(' ');

export const MARKET_CASES: GroupCases = {
  PriceMoved: {
    fires: {
      series: { [close('BTCUSDT')]: `${restless(150)} ${moved(1.6)}` },
      quietAtMinute: 151,
      atMinute: 154,
      firing: [
        {
          labels: { symbol: 'BTCUSDT' },
          summary: 'BTCUSDT moved six times its usual five minutes: 6.1 sigma',
        },
      ],
    },
    quiet: { series: { [close('BTCUSDT')]: `${restless(150)} ${moved(1.2)}` }, atMinute: 154 },
    nasty: {
      'a coin that hardly moves at all': {
        series: { [close('USDCUSDT')]: `${restless(150, 0.02)} ${moved(0.8)}` },
        atMinute: 154,
      },
      'a new listing, whose usual nobody knows': {
        series: { [close('NEWUSDT')]: `${restless(100)} ${moved(9)}` },
        atMinute: 104,
      },
      'minutes are missing, and the price is another one after them': {
        series: { [close('BTCUSDT')]: `${restless(150)} _x30 ${moved(9)}` },
        atMinute: 181,
      },
      'a delisting': { series: { [close('BTCUSDT')]: `${restless(150)} ${moved(1.6)} _x30` }, atMinute: 170 },
      'no trade for hours, and the price stands': {
        series: { [close('BTCUSDT')]: '100x250' },
        atMinute: 200,
      },
    },
  },
  VolumeSpike: {
    fires: {
      series: { [volume('BTCUSDT')]: '2000x365 30000x10' },
      quietAtMinute: 366,
      atMinute: 370,
      firing: [{ labels: { symbol: 'BTCUSDT' }, summary: 'BTCUSDT is traded 12.8 times as much as usual' }],
    },
    quiet: { series: { [volume('BTCUSDT')]: '60000x365 480000x10' }, atMinute: 370 },
    nasty: {
      'hardly anybody trades it': { series: { [volume('TINYUSDT')]: '1000x365 16000x10' }, atMinute: 370 },
      'nobody traded it all day': { series: { [volume('TINYUSDT')]: '0x380' }, atMinute: 370 },
      'a new listing': { series: { [volume('NEWUSDT')]: '2000x300 30000x10' }, atMinute: 305 },
      'a hole in the day': { series: { [volume('BTCUSDT')]: '60000x340 _x60 60000x60' }, atMinute: 405 },
    },
  },
  PegLost: {
    fires: {
      series: { [close('USDCUSDT')]: '1x10 0.992x60', [close('BTCUSDT')]: '50000x70' },
      quietAtMinute: 14,
      atMinute: 20,
      firing: [{ labels: { symbol: 'USDCUSDT' }, summary: 'USDCUSDT is 8 per mille off one dollar' }],
    },
    quiet: { series: { [close('USDCUSDT')]: '1x10 0.996x60' }, atMinute: 30 },
    nasty: {
      'one wild minute': { series: { [close('FDUSDUSDT')]: '1x10 0.95 1x60' }, atMinute: 12 },
      'above a dollar': {
        series: { [close('FDUSDUSDC')]: '1.008x60' },
        atMinute: 20,
        firing: [{ labels: { symbol: 'FDUSDUSDC' }, summary: 'FDUSDUSDC is 8 per mille off one dollar' }],
      },
      'delisted while it was off': { series: { [close('TUSDUSDT')]: '0.97x20 _x60' }, atMinute: 40 },
      'a coin in dollars that are not its own': { series: { [close('ADAUSDT')]: '0.3x60' }, atMinute: 30 },
    },
  },
};

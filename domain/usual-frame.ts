import { DECIMAL_PATTERN } from './decimal.ts';

/** What a candle is made of, of a kline event whose symbols agree. Names are Binance's. */
export interface KlineEvent {
  readonly E: number;
  readonly k: {
    readonly t: number;
    readonly T: number;
    readonly s: string;
    readonly i: '1m';
    readonly f: number;
    readonly L: number;
    readonly o: string;
    readonly c: string;
    readonly h: string;
    readonly l: string;
    readonly v: string;
    readonly n: number;
    readonly q: string;
    readonly V: string;
    readonly Q: string;
  };
}

/**
 * The event of a closed 1-minute candle, if the frame is a combined stream's and written exactly as the exchange documents it:
 * its members in that order, without spaces or escapes, each of a form that the schemas take. Undefined of any other frame, which says nothing
 * about it: that one is read whole. One pattern takes a tenth of JSON.parse and the schemas, which were a third of all reading.
 */
export function readUsualClosedEvent(raw: Uint8Array): KlineEvent | undefined {
  const match = USUAL_CLOSED.exec(utf8.decode(raw));
  if (match === null) return undefined;
  // Each group of the pattern takes part in every match.
  const text = (group: number) => match[group] ?? '';
  return {
    E: Number(text(1)),
    k: {
      t: Number(text(3)),
      T: Number(text(4)),
      s: text(2),
      i: '1m',
      f: Number(text(5)),
      L: Number(text(6)),
      o: text(7),
      c: text(8),
      h: text(9),
      l: text(10),
      v: text(11),
      n: Number(text(12)),
      q: text(13),
      V: text(14),
      Q: text(15),
    },
  };
}

/** A character that is none becomes one that the pattern has nowhere. */
const utf8 = new TextDecoder();

const USUAL_CLOSED = closedPattern();

function closedPattern(): RegExp {
  // 13 digits: from 2001 to 2286
  const time = String.raw`([1-9]\d{12})`;
  const symbol = '"([A-Z0-9]{1,64})"';
  const count = String.raw`(0|[1-9]\d{0,14})`;
  const tradeId = String.raw`(-1|0|[1-9]\d{0,14})`;
  const decimal = `"(${DECIMAL_PATTERN.source.slice(1, -1)})"`;
  const candle = [
    `"t":${time},"T":${time},"s":"\\2","i":"1m","f":${tradeId},"L":${tradeId}`,
    `"o":${decimal},"c":${decimal},"h":${decimal},"l":${decimal},"v":${decimal},"n":${count},"x":true`,
    String.raw`"q":${decimal},"V":${decimal},"Q":${decimal},"B":"[\d.]*"`,
  ].join(',');
  const event = `\\{"e":"kline","E":${time},"s":${symbol},"k":\\{${candle}\\}\\}`;
  return new RegExp(String.raw`^\{"stream":"[a-z0-9]+@kline_1m","data":${event}\}$`);
}

import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';

/** Which symbols run: in the exporter's own words, and in the replay exchange's. */
export interface SymbolChoice {
  /** As SYMBOLS wants it. */
  readonly exporter: string;
  /** How many symbols the exchange has to have, or which; undefined leaves it at its own number. */
  readonly exchange: string | undefined;
}

const USUAL_COUNT = 20;

export const USUAL_SYMBOLS = symbolChoice(String(USUAL_COUNT));

/** Reads a number or what SYMBOLS takes; throws with what was expected. */
export function symbolChoice(text: string): SymbolChoice {
  const exporter = /^\d+$/.test(text.trim()) ? `top:${text.trim()}` : text.trim();
  const { symbols } = parseSymbols(exporter, text);
  switch (symbols.kind) {
    case 'top':
      return { exporter, exchange: String(Math.max(symbols.count, USUAL_COUNT)) };
    case 'list':
      return { exporter, exchange: symbols.symbols.join(',') };
    case 'all':
      return { exporter, exchange: undefined };
  }
}

function parseSymbols(value: string, text: string) {
  try {
    return parseEnvironment({ SYMBOLS: value, KAFKA_BROKERS: '127.0.0.1:1' });
  } catch (cause) {
    throw new Error(
      `expected a number of symbols from 1, a list like BTCUSDT,ETHUSDT, top:N, top:N:QUOTE or all:QUOTE, got "${text}"`,
      { cause },
    );
  }
}

import { SYMBOL_PATTERN } from './queries.ts';
import { HISTORY_INTERVALS } from './warehouse-answers.ts';
import type { HistoryInterval } from './warehouse-answers.ts';
import { readHistory, readMartSymbols, readOverview } from './warehouse-queries.ts';
import type { Execute } from './warehouse-queries.ts';

export type MartQuery =
  | {
      readonly kind: 'query';
      /** The same for the same question. */
      readonly key: string;
      readonly read: (execute: Execute) => Promise<object>;
    }
  | { readonly kind: 'refused'; readonly reason: string };

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  overview: [],
  symbols: [],
  history: ['symbol', 'interval'],
};

/** One of the questions that the page may ask the marts; anything else is refused before the warehouse hears of it. */
export function buildMartQuery(parameters: URLSearchParams): MartQuery {
  const name = parameters.get('name') ?? '';
  const known = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
  if (!known)
    return refused(`name: expected one of ${Object.keys(PARAMETERS).join(', ')}, got "${shown(name)}"`);
  const unknown = [...parameters.keys()].find((key) => key !== 'name' && !known.includes(key));
  if (unknown !== undefined) {
    return refused(`expected ${['name', ...known].join(', ')} only, got "${shown(unknown)}"`);
  }
  if (name === 'overview') return { kind: 'query', key: name, read: readOverview };
  if (name === 'symbols') {
    return {
      kind: 'query',
      key: name,
      read: async (execute) => ({ symbols: await readMartSymbols(execute) }),
    };
  }
  return history(parameters.get('symbol') ?? '', parameters.get('interval') ?? '');
}

function history(symbol: string, interval: string): MartQuery {
  if (!SYMBOL_PATTERN.test(symbol)) {
    return refused(`symbol: expected 1 to 64 letters, digits or _.- like BTCUSDT, got "${shown(symbol)}"`);
  }
  if (!isInterval(interval)) {
    return refused(
      `interval: expected one of ${Object.keys(HISTORY_INTERVALS).join(', ')}, got "${shown(interval)}"`,
    );
  }
  return {
    kind: 'query',
    key: `history ${interval} ${symbol}`,
    read: async (execute) => ({ symbol, interval, candles: await readHistory(execute, symbol, interval) }),
  };
}

function isInterval(text: string): text is HistoryInterval {
  return Object.hasOwn(HISTORY_INTERVALS, text);
}

function refused(reason: string): MartQuery {
  return { kind: 'refused', reason };
}

function shown(text: string): string {
  return text.slice(0, 64);
}

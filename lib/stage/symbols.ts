import { SYMBOL_PATTERN } from '#domain/candle.ts';

const ASSET = /^[A-Z0-9]{1,16}$/;
const COUNT = /^[1-9]\d{0,4}$/;

/** Most symbols that a quote asset has been seen with, for `all:`. */
const SYMBOLS_OF_A_QUOTE = 450;

/** Whether the exporter's variable SYMBOLS takes it: a contract test holds this against the exporter's own reading. */
export function isSymbolSpec(value: string): boolean {
  const [head, first = '', second, ...rest] = value.trim().split(':');
  if (head === 'top' && COUNT.test(first) && ASSET.test(second ?? 'USDT') && rest.length === 0) return true;
  if (head === 'all' && ASSET.test(first) && second === undefined) return true;
  const symbols = namesOf(value);
  return symbols.length > 0 && symbols.every((symbol) => SYMBOL_PATTERN.test(symbol));
}

/** How many symbols it stands for: counted for a list and `top:N`, an estimate from above for `all:`. */
export function symbolCount(value: string): number {
  const [head, first = ''] = value.trim().split(':');
  if (head === 'top') return Number(first);
  return head === 'all' ? SYMBOLS_OF_A_QUOTE : namesOf(value).length;
}

function namesOf(value: string): readonly string[] {
  const names = value.split(',').map((name) => name.trim().toUpperCase());
  return [...new Set(names.filter(Boolean))];
}

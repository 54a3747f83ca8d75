import { SYMBOL_PATTERN } from '#domain/candle.ts';
import type { LoadContext } from './load-context.ts';

/** Lands one row for each symbol that the exchange lists, as it is now. */
export async function landSymbols({
  landing,
  now,
  report,
  rest,
  scratch,
  signal,
  writer,
}: LoadContext): Promise<void> {
  const answer = await rest.symbols(signal);
  if (answer.kind === 'unavailable') return report.add(NAME, { kind: 'failed', reason: answer.reason });
  if (answer.kind === 'refused') return report.add(NAME, answer);
  const fetchedAtMs = now();
  const named = answer.value.filter(({ symbol }) => SYMBOL_PATTERN.test(symbol));
  const unnamed = answer.value.length - named.length;
  if (unnamed > 0) report.warn(NAME, `${unnamed} left out: expected symbols of letters, digits, _ and -`);
  const rows = named.map(({ symbol, status, baseAsset, quoteAsset }) => ({
    EXCHANGE: 'binance',
    SYMBOL: symbol,
    STATUS: status,
    BASE_ASSET: baseAsset,
    QUOTE_ASSET: quoteAsset,
    FETCHED_AT: fetchedAtMs,
  }));
  if (rows.length === 0) return report.add(NAME, { kind: 'refused', reason: 'expected symbols, got none' });
  await scratch.withFiles(async ({ parquet }) => {
    await writer.write(rows, parquet);
    await landing.copy('EXCHANGE_SYMBOLS', parquet, rows.length);
  });
  report.add(NAME, { kind: 'loaded', rows: rows.length });
}

const NAME = 'exchangeInfo';

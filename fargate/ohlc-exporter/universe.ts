import type { ApiResult, ExchangeApi, Listing } from './exchange-api.ts';
import type { SymbolSpec } from './env.ts';

/** What the exchange offers of what was asked for. */
export interface Universe {
  readonly symbols: readonly string[];
  /** Everything that trades now, asked for or not. */
  readonly trading: ReadonlySet<string>;
  /** Asked for by name, but not trading now, with the exchange's status or `unknown`. */
  readonly absent: ReadonlyMap<string, string>;
}

/** Asks the exchange which symbols match; volumes are only asked for where they rank. */
export async function resolveUniverse(
  spec: SymbolSpec,
  api: Pick<ExchangeApi, 'listings' | 'quoteVolumes'>,
  signal: AbortSignal,
): Promise<ApiResult<Universe>> {
  const listings = await api.listings(signal);
  if (listings.kind !== 'ok') return listings;
  if (spec.kind !== 'top') return { kind: 'ok', value: selectSymbols(spec, listings.value, new Map()) };
  const volumes = await api.quoteVolumes(signal);
  return volumes.kind === 'ok'
    ? { kind: 'ok', value: selectSymbols(spec, listings.value, volumes.value) }
    : volumes;
}

/** Pure part of the resolution. Ties in volume go by name, so that the same answer gives the same set. */
export function selectSymbols(
  spec: SymbolSpec,
  listings: readonly Listing[],
  volumes: ReadonlyMap<string, number>,
): Universe {
  const open = listings.filter((listing) => listing.status === 'TRADING');
  const trading = new Set(open.map((listing) => listing.symbol));
  switch (spec.kind) {
    case 'list': {
      const status = new Map(listings.map((listing) => [listing.symbol, listing.status]));
      return {
        symbols: spec.symbols.filter((symbol) => trading.has(symbol)),
        trading,
        absent: new Map(
          spec.symbols
            .filter((symbol) => !trading.has(symbol))
            .map((symbol) => [symbol, status.get(symbol) ?? 'unknown']),
        ),
      };
    }
    case 'all':
      return { symbols: inQuote(open, spec.quoteAsset), trading, absent: new Map() };
    case 'top': {
      const ranked = inQuote(open, spec.quoteAsset).toSorted(
        (a, b) => (volumes.get(b) ?? 0) - (volumes.get(a) ?? 0) || (a < b ? -1 : 1),
      );
      return { symbols: ranked.slice(0, spec.count), trading, absent: new Map() };
    }
  }
}

function inQuote(listings: readonly Listing[], quoteAsset: string): readonly string[] {
  return listings.filter((listing) => listing.quoteAsset === quoteAsset).map((listing) => listing.symbol);
}

import type { ExchangeLimits } from './limits.ts';
import type { Listing, Listings } from './listings.ts';
import { body, illegalCharacters } from './rest-error.ts';
import type { RestAnswer } from './rest-error.ts';
import { chosenListings } from './symbol-parameter.ts';

/** `GET /api/v3/exchangeInfo` in the shape of a recorded body; a derived symbol says so in a field of our own. */
export function answerExchangeInfo(
  query: URLSearchParams,
  listings: Listings,
  limits: ExchangeLimits,
  nowMs: number,
): RestAnswer {
  const chosen = chosenListings(query, listings);
  if (chosen.kind === 'error') return chosen;
  const status = query.get('symbolStatus');
  if (status !== null && !/^(TRADING|HALT|BREAK)$/.test(status)) {
    return illegalCharacters('symbolStatus', '^(TRADING|HALT|BREAK)$');
  }
  const shown = chosen.listings.filter((listing) => status === null || listing.status === status);
  return body({
    timezone: 'UTC',
    serverTime: nowMs,
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: limits.weightPerMinute },
    ],
    exchangeFilters: [],
    symbols: shown.map((listing) => describe(listing, query.get('showPermissionSets') !== 'false')),
  });
}

function describe({ market, status }: Listing, withPermissions: boolean) {
  return {
    symbol: market.symbol,
    status,
    baseAsset: market.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: market.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: [
      'LIMIT',
      'LIMIT_MAKER',
      'MARKET',
      'STOP_LOSS',
      'STOP_LOSS_LIMIT',
      'TAKE_PROFIT',
      'TAKE_PROFIT_LIMIT',
    ],
    icebergAllowed: true,
    ocoAllowed: true,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: !market.derived,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: tick(market.priceDecimals),
        maxPrice: '10000000.00000000',
        tickSize: tick(market.priceDecimals),
      },
      {
        filterType: 'LOT_SIZE',
        minQty: tick(market.quantityDecimals),
        maxQty: '90000.00000000',
        stepSize: tick(market.quantityDecimals),
      },
    ],
    permissions: [],
    ...(withPermissions ? { permissionSets: [['SPOT']] } : {}),
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'],
    ...(market.derived ? { derived: true } : {}),
  };
}

function tick(decimals: number): string {
  return `0.${'1'.padStart(decimals, '0').padEnd(8, '0')}`;
}

import type {
  AlertsAnswer,
  ReadyAnswer,
  SeriesAnswer,
  StateAnswer,
  SymbolsAnswer,
} from '#local/page/answers.ts';
import type {
  DbtAnswer,
  HistoryAnswer,
  HistoryInterval,
  MartSymbolsAnswer,
  OverviewAnswer,
} from '#local/page/warehouse-answers.ts';
import type { InstantQuery, QueryRange, RangeQuery } from '#local/page/queries.ts';

/** Undefined when the page's own server does not answer; what else is wrong, the answer says. */
export type Asked<T> = Promise<T | undefined>;

export function askInstant(name: InstantQuery, symbol?: string, range?: QueryRange): Asked<SeriesAnswer> {
  return ask(`/api/query?${parameters(name, symbol, range)}`);
}

export function askRange(
  name: RangeQuery,
  symbol: string | undefined,
  range: QueryRange,
): Asked<SeriesAnswer> {
  return ask(`/api/query_range?${parameters(name, symbol, range)}`);
}

export const askSymbols = (): Asked<SymbolsAnswer> => ask('/api/symbols');
export const askReady = (): Asked<ReadyAnswer> => ask('/api/readyz');
export const askState = (): Asked<StateAnswer> => ask('/api/state');
export const askAlerts = (): Asked<AlertsAnswer> => ask('/api/alerts');
export const askDbt = (): Asked<DbtAnswer> => ask('/api/dbt');
export const askOverview = (): Asked<OverviewAnswer> => askWarehouse('overview');
export const askMartSymbols = (): Asked<MartSymbolsAnswer> => askWarehouse('symbols');

export function askHistory(symbol: string, interval: HistoryInterval): Asked<HistoryAnswer> {
  return askWarehouse('history', { symbol, interval });
}

function askWarehouse<T>(name: string, choice: Readonly<Record<string, string>> = {}): Asked<T> {
  return ask(`/api/warehouse?${new URLSearchParams({ name, ...choice })}`, WAREHOUSE_TIMEOUT_MS);
}

/** Above what the server gives the warehouse, which may be building its models. */
const WAREHOUSE_TIMEOUT_MS = 35_000;

/** Above the 5 s that the server gives each part. */
const TIMEOUT_MS = 8_000;

async function ask<T>(path: string, timeoutMs = TIMEOUT_MS): Asked<T> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(timeoutMs) });
    // Same repository, same version: the server's answers are typed by answers.ts, which both sides import.
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    // The browser's console has the cause; the page says that its server is gone.
    return undefined;
  }
}

function parameters(name: string, symbol?: string, range?: string): URLSearchParams {
  return new URLSearchParams({
    name,
    ...(symbol !== undefined && { symbol }),
    ...(range !== undefined && { range }),
  });
}

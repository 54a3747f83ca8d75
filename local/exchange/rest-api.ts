import type { IncomingMessage, ServerResponse } from 'node:http';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Clock } from './clock.ts';
import { answerExchangeInfo } from './exchange-info.ts';
import type { FaultBook, RestFault } from './fault-book.ts';
import { answerKlines } from './klines.ts';
import type { Ledger } from './ledger.ts';
import type { ExchangeLimits } from './limits.ts';
import type { Listings } from './listings.ts';
import { openWeightMeter } from './request-weight.ts';
import { badRequest, body } from './rest-error.ts';
import type { RestAnswer, RestError } from './rest-error.ts';
import type { Stats } from './stats.ts';
import { openTickers } from './ticker.ts';

export interface RestContext {
  readonly wall: Clock;
  readonly clock: Clock;
  readonly limits: ExchangeLimits;
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly faults: FaultBook;
  readonly stats: Stats;
}

interface Endpoint {
  readonly parameters: readonly string[];
  readonly weight: (query: URLSearchParams) => number;
  readonly answer: (query: URLSearchParams) => RestAnswer;
}

/** Everything below `/api/`. */
export function serveRest(
  context: RestContext,
): (request: IncomingMessage, response: ServerResponse, url: URL) => void {
  const { wall, limits, faults, stats } = context;
  const charge = openWeightMeter(wall, limits);
  const endpoints = endpointsOf(context);
  return (request, response, url) => {
    stats.restRequests[url.pathname] = (stats.restRequests[url.pathname] ?? 0) + 1;
    const endpoint = endpoints.get(url.pathname);
    const { used, refusal } = charge(
      request.socket.remoteAddress ?? '',
      endpoint?.weight(url.searchParams) ?? 1,
    );
    response.setHeader('X-MBX-USED-WEIGHT', String(used));
    response.setHeader('X-MBX-USED-WEIGHT-1M', String(used));
    if (refusal) return sendError(response, refusal);
    const fault = faults.strikeRest(url.pathname);
    if (fault) return misbehave(request, response, fault);
    if (!endpoint) return sendError(response, { ...badRequest(-1000, 'Not found.'), status: 404 });
    if (request.method !== 'GET') {
      return sendError(response, {
        ...badRequest(-1000, `Request method '${request.method}' not supported`),
        status: 405,
      });
    }
    const sent = [...new Set(url.searchParams.keys())];
    const read = sent.filter((name) => endpoint.parameters.includes(name));
    if (read.length < sent.length) {
      return sendError(
        response,
        badRequest(
          -1104,
          `Not all sent parameters were read; read '${read.length}' parameter(s) but was sent '${sent.length}'.`,
        ),
      );
    }
    const answer = endpoint.answer(url.searchParams);
    if (answer.kind === 'error') return sendError(response, answer);
    response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(answer.json);
  };
}

const JSON_TYPE = 'application/json;charset=UTF-8';

/** Weights: https://github.com/binance/binance-spot-api-docs/blob/master/rest-api.md */
function endpointsOf(context: RestContext): ReadonlyMap<string, Endpoint> {
  const { clock, limits, listings, ledger, faults } = context;
  const isMissing = (symbol: string, minute: number) =>
    ledger.isMissing(symbol, minute) || faults.isHole(symbol, minute * MINUTE_MS, 'rest');
  const tickers = openTickers(listings);
  return new Map<string, Endpoint>([
    ['/api/v3/ping', { parameters: [], weight: () => 1, answer: () => body({}) }],
    ['/api/v3/time', { parameters: [], weight: () => 1, answer: () => body({ serverTime: clock.now() }) }],
    [
      '/api/v3/exchangeInfo',
      {
        parameters: ['symbol', 'symbols', 'symbolStatus', 'showPermissionSets'],
        weight: () => 20,
        answer: (query) => answerExchangeInfo(query, listings, limits, clock.now()),
      },
    ],
    [
      '/api/v3/klines',
      {
        parameters: ['symbol', 'interval', 'startTime', 'endTime', 'limit'],
        weight: () => 2,
        answer: (query) => answerKlines(query, listings, isMissing, clock),
      },
    ],
    [
      '/api/v3/ticker/24hr',
      {
        parameters: ['symbol', 'symbols', 'type'],
        weight: tickerWeight,
        answer: (query) => tickers(query, clock.now()),
      },
    ],
  ]);
}

function tickerWeight(query: URLSearchParams): number {
  if (query.has('symbol')) return 2;
  const names = query.get('symbols')?.split(',').length ?? Infinity;
  return names <= 20 ? 2 : names <= 100 ? 40 : 80;
}

/** Does to a request what the fault says. */
export function misbehave(request: IncomingMessage, response: ServerResponse, fault: RestFault): void {
  switch (fault.kind) {
    case 'rest-reset':
      request.socket.resetAndDestroy();
      return;
    case 'rest-timeout':
      return; // the answer that never comes
    case 'rest-status':
      sendError(response, {
        ...badRequest(-1000, `Status ${fault.status} on purpose`),
        status: fault.status,
        ...(fault.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: fault.retryAfterSeconds }),
      });
  }
}

function sendError(response: ServerResponse, { status, code, msg, retryAfterSeconds }: RestError): void {
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  response.writeHead(status, { 'Content-Type': JSON_TYPE }).end(JSON.stringify({ code, msg }));
}

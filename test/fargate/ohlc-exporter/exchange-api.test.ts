import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rejected } from '#domain/candle.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { createExchangeApi } from '#fargate/ohlc-exporter/exchange-api.ts';
import { Hosts } from '#fargate/ohlc-exporter/hosts.ts';
import { readText } from '#fargate/ohlc-exporter/read-text.ts';
import { RequestWeight } from '#fargate/ohlc-exporter/request-weight.ts';
import { createRestClient } from '#fargate/ohlc-exporter/rest-client.ts';
import { askedPauseMs } from '#fargate/ohlc-exporter/retry-after.ts';
import { startHttpServer } from '#test/http-server.ts';
import { recordingLog } from '#test/recording-log.ts';

const signal = new AbortController().signal;
const NOW_MS = Date.UTC(2025, 9, 29, 4, 23);
const DAY_MS = 1440 * MINUTE_MS;

function apiThatAnswers(first: unknown) {
  let body = first;
  const kept: Rejected[] = [];
  const api = createExchangeApi(
    async () => ({ kind: 'ok', body, sentMs: NOW_MS - 10, receivedMs: NOW_MS }),
    (item) => kept.push(item),
  );
  return { api, kept, answer: (next: unknown) => (body = next) };
}

describe('a list of symbols', () => {
  const half: unknown = JSON.parse(
    readFileSync(
      join(import.meta.dirname, '../../fixtures/fuzz/exchange-info-half-a-character.json'),
      'utf8',
    ),
  );

  test('loses an item that no stream can be named by, counted and kept, and no other', async () => {
    const { api, kept } = apiThatAnswers(half);
    const listings = await api.listings(signal);
    expect(listings).toMatchObject({ kind: 'ok', value: [{ symbol: 'BTCUSDT' }] });
    expect(kept.map(({ reason }) => reason)).toEqual(['not-a-symbol']);
    expect(Buffer.from(kept[0]?.raw ?? []).toString()).toContain('"quoteAsset":"USDT"');
  });

  test('whose volumes are no numbers is tried again, as it would rank by chance', async () => {
    const { api } = apiThatAnswers([{ symbol: 'BTCUSDT', quoteVolume: 'NaN' }]);
    expect(await api.quoteVolumes(signal)).toMatchObject({ kind: 'unavailable' });
  });
});

test.each([0, NOW_MS - 3 * DAY_MS, NOW_MS + 3 * DAY_MS, 8_640_000_000_000_000])(
  'a clock of the exchange that jumps to %i is not believed: every minute up to it would be looked for',
  async (serverTime) => {
    const { api, answer } = apiThatAnswers({ serverTime: NOW_MS });
    expect(await api.time(signal)).toMatchObject({ kind: 'ok' });
    answer({ serverTime });
    expect(await api.time(signal)).toMatchObject({ kind: 'unavailable' });
    answer({ serverTime: NOW_MS + DAY_MS });
    expect(await api.time(signal)).toMatchObject({ kind: 'ok', value: { serverMs: NOW_MS + DAY_MS } });
  },
);

test('a clock of the exchange that is a year away is believed: the local one may be off', async () => {
  const { api } = apiThatAnswers({ serverTime: NOW_MS - 365 * DAY_MS });
  expect(await api.time(signal)).toMatchObject({ kind: 'ok' });
});

test('a first minute in the far future strikes no hole off', async () => {
  const { api } = apiThatAnswers([[8_640_000_000_000_000]]);
  expect(await api.firstMinute('BTCUSDT', signal)).toMatchObject({ kind: 'unavailable' });
});

test.each([
  [429, '99999999999999'],
  [418, '1e300'],
  [503, 'Fri, 31 Dec 9999 23:59:59 GMT'],
])('with %i, Retry-After %s is cut to a pause that a timer can hold', (status, header) => {
  expect(askedPauseMs(status, header, NOW_MS)).toBe(3 * DAY_MS);
});

test('a weight below nothing gives no room for more requests', async () => {
  await using server = await startHttpServer((_, response) => {
    response.setHeader('x-mbx-used-weight-1m', '-1000000').end('{}');
  });
  const weight = new RequestWeight();
  const { log } = recordingLog();
  const get = createRestClient({ hosts: new Hosts([server.url]), weight, log, count: () => {} });
  await get('/x', 20, signal);
  expect(weight.used).toBe(20);
});

test('a body that does not end is given up once it is too long, and the server hears of it', async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await startHttpServer((_, response) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', pour).on('close', () => closed.resolve());
    pour();
  });
  await expect(readText(await fetch(server.url), 1_000_000)).rejects.toThrow(
    'expected a body of at most 1000000 bytes, got more',
  );
  await closed.promise;
});

import { describe, expect, test } from 'vitest';
import { fromKlineRow } from '#domain/kline-row.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { MINUTE, openStream, rowOf, START_MS, stillExchange } from './stream-client.ts';

const BOTH = 'stream?streams=btcusdt@kline_1m/ethusdt@kline_1m';

/** Minutes after the start's one. */
function minutes(times: readonly number[]): readonly number[] {
  return times.map((time) => time / 60_000 - MINUTE);
}

async function restMinutes(exchange: Exchange, symbol: string): Promise<readonly number[]> {
  const response = await fetch(
    `${exchange.url}/api/v3/klines?symbol=${symbol}&interval=1m&startTime=${MINUTE * 60_000}`,
  );
  const rows = (await response.json()) as readonly [number][]; // the endpoint's own shape
  return minutes(rows.map(([openTime]) => openTime));
}

function flags(exchange: Exchange, symbol: string): readonly (readonly string[])[] {
  return [...exchange.ledger({ symbol })].map((entry) => entry.flags);
}

describe('faults of a closed candle', () => {
  test('missing on the stream only: REST has it, the ledger says so, other symbols and minutes are untouched', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'missing', symbols: ['BTCUSDT'], count: 2 });
    clock.advance(240_000);
    await client.settle();
    expect(minutes(client.closed('BTCUSDT').map(({ k }) => k.t))).toEqual([2, 3]);
    expect(minutes(client.closed('ETHUSDT').map(({ k }) => k.t))).toEqual([0, 1, 2, 3]);
    expect(await restMinutes(exchange, 'BTCUSDT')).toEqual([0, 1, 2, 3, 4]);
    expect(flags(exchange, 'BTCUSDT')).toEqual([['withheld-from-stream'], ['withheld-from-stream'], [], []]);
    expect(exchange.activeFaults()).toEqual([]);
  });

  test('missing at the exchange: REST does not have it either, the ledger does', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'missing', at: 'exchange' });
    clock.advance(120_000);
    await client.settle();
    expect(minutes(client.closed().map(({ k }) => k.t))).toEqual([1, 1]);
    expect(await restMinutes(exchange, 'ETHUSDT')).toEqual([1, 2]);
    expect(flags(exchange, 'ETHUSDT')).toEqual([['missing-at-exchange', 'withheld-from-stream'], []]);
  });

  test('duplicated: the same bytes once more', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'duplicate', copies: 2, symbols: ['ETHUSDT'] });
    clock.advance(30_000);
    await client.settle();
    const closed = client.texts.filter((text) => text.includes('"x":true'));
    expect(closed).toHaveLength(4);
    expect(new Set(closed).size).toBe(2);
    expect(flags(exchange, 'ETHUSDT')).toEqual([['duplicated']]);
  });

  test('late: as it was, after the delay', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'late', delayMs: 25_000, symbols: ['BTCUSDT'] });
    clock.advance(54_999);
    await client.settle();
    expect(client.closed('BTCUSDT')).toEqual([]);
    expect(client.closed('ETHUSDT')).toHaveLength(1);
    clock.advance(1);
    await client.settle();
    expect(client.closed('BTCUSDT')).toMatchObject([{ E: START_MS + 30_000 }]);
    expect(flags(exchange, 'BTCUSDT')).toEqual([['late']]);
  });

  test('out of order: after the symbol’s next one', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'out-of-order', symbols: ['BTCUSDT'] });
    clock.advance(180_000);
    await client.settle();
    expect(minutes(client.closed('BTCUSDT').map(({ k }) => k.t))).toEqual([1, 0, 2]);
    expect(minutes(client.closed('ETHUSDT').map(({ k }) => k.t))).toEqual([0, 1, 2]);
    expect(flags(exchange, 'BTCUSDT')).toEqual([['out-of-order'], [], []]);
  });

  test('differing: the stream has another volume than REST and the ledger, and keeps the rules', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({ kind: 'differ', symbols: ['BTCUSDT'] });
    clock.advance(30_000);
    await client.settle();
    const [closed] = client.closed('BTCUSDT');
    const [entry] = exchange.ledger({ symbol: 'BTCUSDT' });
    const row = closed && rowOf(closed);
    expect(row?.[5]).not.toBe(entry?.row[5]);
    expect(row?.toSpliced(5, 1).toSpliced(6, 1).toSpliced(7, 2)).toEqual(
      entry?.row.toSpliced(5, 1).toSpliced(6, 1).toSpliced(7, 2),
    );
    expect(fromKlineRow(row, 'BTCUSDT', 0).kind).toBe('candle');
    expect(entry?.flags).toEqual(['differs-on-stream']);
  });

  test('malformed in place of the closed one: with the text given, or one that is no JSON', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    await using client = await openStream(`${exchange.wsUrl}/${BOTH}`);
    exchange.inject({
      kind: 'malformed',
      when: 'instead-of-closed',
      symbols: ['BTCUSDT'],
      text: '{"k":"x":true}',
    });
    exchange.inject({ kind: 'malformed', when: 'instead-of-closed', symbols: ['ETHUSDT'] });
    clock.advance(30_000);
    await client.settle();
    expect(client.closed()).toEqual([]);
    expect(client.texts).toContain('{"k":"x":true}');
    const reasons = client.texts
      .map((text) => readStreamFrame(Buffer.from(text), 0))
      .filter((frame) => frame.kind === 'rejected');
    expect(reasons.map((frame) => frame.reason)).toEqual(['not-json', 'not-json']);
    expect(flags(exchange, 'ETHUSDT')).toEqual([['malformed-on-stream']]);
  });
});

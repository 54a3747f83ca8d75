import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromArchiveRow, inferArchiveFormat } from '#domain/archive-row.ts';
import { readStreamFrame } from '#domain/kline-event.ts';
import { fromKlineRow } from '#domain/kline-row.ts';
import { CANDLE } from '#test/candles.ts';
import { recordedFrame } from '#test/recorded-frame.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const received = Date.parse(CANDLE.receivedTime);
const closedText = () => recordedFrame('kline-closed-raw').toString();
const { firstTradeId: _first, lastTradeId: _last, eventTime: _event, ...WITHOUT_STREAM_FIELDS } = CANDLE;

describe('a kline event', () => {
  test.each(['kline-closed-raw', 'kline-closed-combined'])('%s becomes the candle it says', (name) => {
    expect(readStreamFrame(recordedFrame(name), received)).toEqual({
      kind: 'closed',
      candle: CANDLE,
      openMs: Date.parse(CANDLE.openTime),
      eventMs: Date.parse('2025-10-29T04:23:00.012Z'),
    });
  });

  test('that is still forming is no candle yet', () => {
    expect(readStreamFrame(recordedFrame('kline-forming-combined'), received)).toEqual({ kind: 'forming' });
  });

  test('of a minute without trades is a candle', () => {
    expect(readStreamFrame(recordedFrame('kline-closed-zero-trades'), received)).toMatchObject({
      kind: 'closed',
      candle: { trades: 0, firstTradeId: -1, lastTradeId: -1, baseVolume: '0.00000000' },
    });
  });

  test('may have been received before it was sent, by a local clock that is behind', () => {
    const early = readStreamFrame(recordedFrame('kline-closed-raw'), received - 200);
    expect(early).toMatchObject({ kind: 'closed', candle: { receivedTime: '2025-10-29T04:22:59.834Z' } });
  });

  test.each([
    ['another interval', '"i":"1m"', '"i":"1h"', 'not-a-candle'],
    [
      'two different symbols',
      '"k":{"t":1761711720000,"T":1761711779999,"s":"BTCUSDT"',
      '"k":{"t":1761711720000,"T":1761711779999,"s":"ETHUSDT"',
      'not-a-candle',
    ],
    ['NaN', '"n":1459', '"n":NaN', 'not-json'],
    ['a number for a price', '"o":"112731.29000000"', '"o":112731.29', 'not-a-candle'],
    ['text for a flag', '"x":true', '"x":"true"', 'not-a-candle'],
    ['an impossible time', '"t":1761711720000', '"t":99999999999999999', 'not-a-candle'],
    ['a low above its high', '"l":"112730.40000000"', '"l":"112750.40000000"', 'broken-rule'],
    ['another event', '"e":"kline"', '"e":"trade"', 'unknown-event'],
  ])('with %s is rejected with its bytes', (_, from, to, reason) => {
    const changed = closedText().replace(from, to);
    expect(changed).not.toBe(closedText());
    expect(readStreamFrame(bytes(changed), received)).toMatchObject({
      kind: 'rejected',
      reason,
      raw: bytes(changed),
    });
  });
});

describe('other frames', () => {
  test.each(['server-shutdown-raw', 'server-shutdown-combined'])('%s announces the shutdown', (name) => {
    expect(readStreamFrame(recordedFrame(name), received)).toEqual({ kind: 'shutdown' });
  });

  test('an answer to a subscription carries its id and its error', () => {
    expect(readStreamFrame(bytes('{"result":null,"id":3}'), 0)).toEqual({ kind: 'reply', id: 3 });
    expect(readStreamFrame(bytes('{"error":{"code":2,"msg":"Invalid request"},"id":4}'), 0)).toEqual({
      kind: 'reply',
      id: 4,
      error: '2 Invalid request',
    });
  });

  test('of any kind never throw', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(readStreamFrame(bytes(text), 0).kind).not.toBe('closed');
      }),
    );
  });
});

const ROW = [
  1761711720000,
  '112731.29000000',
  '112749.73000000',
  '112730.40000000',
  '112749.72000000',
  '4.75297000',
  1761711779999,
  '535846.83867820',
  1459,
  '1.90045000',
  '214244.39643660',
  '0',
];

describe('a REST kline row', () => {
  test('becomes the same candle without what only the stream knows', () => {
    expect(fromKlineRow(ROW, 'BTCUSDT', received)).toEqual({
      kind: 'candle',
      candle: { ...WITHOUT_STREAM_FIELDS, source: 'rest' },
    });
  });

  test.each([
    ['eleven columns', ROW.slice(0, 11)],
    ['no array', { t: 1 }],
    ['nothing', undefined],
  ])('of %s is rejected and carries itself', (_, row) => {
    const rejected = fromKlineRow(row, 'BTCUSDT', received);
    expect(rejected).toMatchObject({ kind: 'rejected', reason: 'not-a-candle' });
    expect(rejected.kind === 'rejected' && new TextDecoder().decode(rejected.raw)).toBe(
      row === undefined ? 'undefined' : JSON.stringify(row),
    );
  });
});

describe('an archive row', () => {
  const milliseconds = ROW.join(',');
  const microseconds = milliseconds
    .replace('1761711720000', '1761711720000000')
    .replace('1761711779999', '1761711779999999');
  const header =
    'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

  test('is counted in the unit that its file shows, header or none', () => {
    expect(inferArchiveFormat(milliseconds)).toEqual({ hasHeader: false, unit: 'milliseconds' });
    expect(inferArchiveFormat(microseconds)).toEqual({ hasHeader: false, unit: 'microseconds' });
    expect(inferArchiveFormat(header, milliseconds)).toEqual({ hasHeader: true, unit: 'milliseconds' });
  });

  test.each([
    ['', undefined],
    [header, undefined],
    ['seconds,1', undefined],
    ['1761711720,1', undefined],
  ])('of an unknown unit is not guessed at: %j', (first, second) => {
    expect(inferArchiveFormat(first, second)).toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining('expected'),
    });
  });

  test.each([
    ['milliseconds', milliseconds],
    ['microseconds', microseconds],
  ] as const)('in %s becomes the same candle as from REST', (unit, line) => {
    expect(fromArchiveRow(line, 'BTCUSDT', unit, received)).toEqual({
      kind: 'candle',
      candle: { ...WITHOUT_STREAM_FIELDS, source: 'archive' },
    });
  });

  test.each([
    ['a file that changes its unit half-way', microseconds],
    ['a missing column', milliseconds.replace(',0', '')],
    ['a header in the middle', header],
    ['a broken count', milliseconds.replace('1459', '1459.5')],
  ])('of %s is rejected', (_, line) => {
    expect(fromArchiveRow(line, 'BTCUSDT', 'milliseconds', received)).toMatchObject({ kind: 'rejected' });
  });
});

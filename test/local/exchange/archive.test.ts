import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fromArchiveRow, inferArchiveFormat } from '#domain/archive-row.ts';
import type { Exchange } from '#local/exchange/start.ts';
import { stillExchange } from './stream-client.ts';

const DAY = 'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2025-12-31';
const OLD_DAY = 'daily/klines/DRV0001USDT/1m/DRV0001USDT-1m-2024-12-31';

async function get(exchange: Exchange, path: string): Promise<{ status: number; bytes: Buffer }> {
  const response = await fetch(`${exchange.url}/data/spot/${path}`);
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

async function lines(exchange: Exchange, path: string): Promise<readonly string[]> {
  const { status, bytes } = await get(exchange, `${path}.zip`);
  expect(status).toBe(200);
  return unzip(bytes).trimEnd().split('\n');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The one file in a zip: what stands between its local header and its data descriptor. */
function unzip(bytes: Buffer): string {
  const directory = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  const size = bytes.readUInt32LE(directory + 20);
  const start = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  return inflateRawSync(bytes.subarray(start, start + size)).toString('utf8');
}

function openTimes(rows: readonly string[]): readonly number[] {
  return rows.map((row) => Number(row.split(',')[0]));
}

async function klineRow(exchange: Exchange, symbol: string, openMs: number): Promise<readonly unknown[]> {
  const query = `symbol=${symbol}&interval=1m&startTime=${openMs}&limit=1`;
  const [row] = (await (
    await fetch(`${exchange.url}/api/v3/klines?${query}`)
  ).json()) as readonly unknown[][]; // the endpoint's shape
  return row ?? [];
}

describe('the archive', () => {
  test('has a day as REST tells it, in microseconds since 2025 and in milliseconds before', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    for (const [path, symbol, date, unit] of [
      [DAY, 'BTCUSDT', '2025-12-31', 'microseconds'],
      [OLD_DAY, 'DRV0001USDT', '2024-12-31', 'milliseconds'],
    ] as const) {
      const rows = await lines(exchange, path);
      expect(rows).toHaveLength(1440);
      expect(inferArchiveFormat(rows[0] ?? '', rows[1])).toEqual({ hasHeader: false, unit });
      const openMs = Date.parse(`${date}T17:05:00Z`);
      const decoded = fromArchiveRow(rows[17 * 60 + 5] ?? '', symbol, unit, 0);
      const [, open, high, low, close, baseVolume, , quoteVolume, trades] = await klineRow(
        exchange,
        symbol,
        openMs,
      );
      expect(decoded).toMatchObject({
        kind: 'candle',
        candle: {
          openTime: `${date}T17:05:00.000Z`,
          open,
          high,
          low,
          close,
          baseVolume,
          quoteVolume,
          trades,
        },
      });
    }
  });

  test('answers a CHECKSUM that fits the bytes, which are the same each time', async () => {
    const [first, second] = [await stillExchange(), await stillExchange()];
    await using one = first.exchange;
    await using other = second.exchange;
    const { bytes } = await get(one, `${DAY}.zip`);
    expect((await get(other, `${DAY}.zip.CHECKSUM`)).bytes.toString()).toBe(
      `${sha256(bytes)}  BTCUSDT-1m-2025-12-31.zip\n`,
    );
    expect(one.stats.archiveRequests).toBe(1);
  });

  test('has nothing of a day or month before it is over, of an unknown symbol or of before the listing', async () => {
    const { exchange, clock } = await stillExchange({ symbols: 3 });
    await using _exchange = exchange;
    const today = 'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2026-01-01';
    for (const path of [
      today,
      'monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2026-01',
      'daily/klines/DRV0002USDT/1m/DRV0002USDT-1m-2025-12-31',
      'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-05-31',
      'daily/klines/BTCUSDT/1m/ETHUSDT-1m-2025-12-31',
      'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2025-12',
      'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2025-11-31',
      'daily/klines/%E0/1m/%E0-1m-2025-12-31',
    ]) {
      expect([path, (await get(exchange, `${path}.zip`)).status]).toEqual([path, 404]);
      expect((await get(exchange, `${path}.zip.CHECKSUM`)).status).toBe(404);
    }
    clock.advance(86_400_000 - 30_000);
    expect(await lines(exchange, today)).toHaveLength(1440);
  });

  test('has whole months', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const times = openTimes(await lines(exchange, 'monthly/klines/ETHUSDT/1m/ETHUSDT-1m-2025-02'));
    expect(times).toHaveLength(28 * 1440);
    expect([times[0], times.at(-1)]).toEqual([
      Date.parse('2025-02-01T00:00:00Z') * 1000,
      Date.parse('2025-02-28T23:59:00Z') * 1000,
    ]);
  });

  test.each([
    ['archive', 1438, 1440],
    ['rest', 1440, 1438],
    ['exchange', 1438, 1438],
  ] as const)('a hole at %s is cut out there and nowhere else', async (at, inArchive, inRest) => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const [from, to] = [Date.parse('2025-12-31T10:00:00Z'), Date.parse('2025-12-31T10:01:00Z')];
    const id = exchange.inject({ kind: 'hole', at, from, to, symbols: ['BTCUSDT'] });
    expect(await lines(exchange, DAY)).toHaveLength(inArchive);
    expect(await lines(exchange, DAY.replaceAll('BTC', 'ETH'))).toHaveLength(1440);
    const firstFound = (await klineRow(exchange, 'BTCUSDT', from))[0];
    expect(firstFound).toBe(inRest === 1440 ? from : to + 60_000);
    exchange.removeFault(id);
    expect(await lines(exchange, DAY)).toHaveLength(1440);
  });

  test('has no minute that the exchange lost while it streamed', async () => {
    const { exchange, clock } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'missing', at: 'exchange', symbols: ['BTCUSDT'], count: 2 });
    clock.advance(86_400_000);
    expect(await lines(exchange, 'daily/klines/BTCUSDT/1m/BTCUSDT-1m-2026-01-01')).toHaveLength(1438);
  });

  test('files can be wrong in every way, one at a time', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const good = await get(exchange, `${DAY}.zip`);
    const checksumOf = async () => (await get(exchange, `${DAY}.zip.CHECKSUM`)).bytes.toString().slice(0, 64);
    const broken = async (how: 'wrong-checksum' | 'truncated' | 'absent') => {
      const id = exchange.inject({ kind: 'archive', how, file: '2025-12-31', symbols: ['BTCUSDT'] });
      const answer = { ...(await get(exchange, `${DAY}.zip`)), checksum: await checksumOf() };
      exchange.removeFault(id);
      return answer;
    };
    const wrong = await broken('wrong-checksum');
    expect(wrong.bytes.equals(good.bytes)).toBe(true);
    expect(wrong.checksum).not.toBe(sha256(good.bytes));
    const truncated = await broken('truncated');
    expect(truncated.bytes.length).toBe(Math.floor(good.bytes.length / 2));
    expect(truncated.checksum).toBe(sha256(truncated.bytes));
    expect((await broken('absent')).status).toBe(404);
    expect(await checksumOf()).toBe(sha256(good.bytes));
  });

  test('the futures form has a header and milliseconds; other contents can be wrong or rewritten', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    const [plain = ''] = await lines(exchange, DAY);
    const first = async (how: 'futures' | 'wrong-columns' | 'wrong-prices' | 'rewritten') => {
      const id = exchange.inject({ kind: 'archive', how });
      const rows = await lines(exchange, DAY);
      exchange.removeFault(id);
      return rows;
    };
    const futures = await first('futures');
    expect(inferArchiveFormat(futures[0] ?? '', futures[1])).toEqual({
      hasHeader: true,
      unit: 'milliseconds',
    });
    expect((await first('wrong-columns'))[0]?.split(',')).toHaveLength(11);
    expect(
      fromArchiveRow((await first('wrong-prices'))[0] ?? '', 'BTCUSDT', 'microseconds', 0),
    ).toMatchObject({
      kind: 'rejected',
      reason: 'broken-rule',
    });
    const [rewritten = ''] = await first('rewritten');
    expect(fromArchiveRow(rewritten, 'BTCUSDT', 'microseconds', 0).kind).toBe('candle');
    expect(rewritten.split(',').slice(0, 5)).toEqual(plain.split(',').slice(0, 5));
    expect(rewritten).not.toBe(plain);
  });

  test('goes out of order by the faults of REST where their path says so', async () => {
    const { exchange } = await stillExchange();
    await using _exchange = exchange;
    exchange.inject({ kind: 'rest-status', status: 503, path: '/data/', count: 1 });
    exchange.inject({ kind: 'rest-status', status: 500, count: 1 });
    expect((await get(exchange, `${DAY}.zip`)).status).toBe(503);
    expect((await get(exchange, `${DAY}.zip`)).status).toBe(200);
    expect((await fetch(`${exchange.url}/api/v3/time`)).status).toBe(500);
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import * as z from 'zod';
import { createArchiveClient } from '#fargate/archive-loader/archive-client.ts';
import { dailyPiece } from '#fargate/archive-loader/piece.ts';
import { createRestGet } from '#fargate/archive-loader/rest-get.ts';
import { unzipCsv } from '#fargate/archive-loader/unzip-csv.ts';
import { startHttpServer } from '#test/http-server.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const PIECE = dailyPiece('BTCUSDT', Date.parse('2025-03-01T00:00Z'));
const NEVER = new AbortController().signal;
const SHA = 'ab'.repeat(32);

/** Answers one after the other; the last one for ever. */
function inTurn(...answers: readonly ((response: ServerResponse) => unknown)[]) {
  let next = 0;
  return (_: IncomingMessage, response: ServerResponse) => {
    answers[Math.min(next, answers.length - 1)]?.(response);
    next += 1;
  };
}

function recordedSleep() {
  const pauses: number[] = [];
  return {
    pauses,
    sleep: async (ms: number) => {
      pauses.push(ms);
      await nextTurn();
    },
  };
}

describe('the archive client', () => {
  test('tries again after 5xx, cut connections and 429, as late as it is asked to, and then gives up by name', async () => {
    const { pauses, sleep } = recordedSleep();
    await using server = await startHttpServer(
      inTurn(
        (response) => response.writeHead(503).end(),
        (response) => response.destroy(),
        (response) => response.writeHead(429, { 'Retry-After': '90' }).end(),
        (response) => response.end(`${SHA}  ${PIECE.fileName}\n`),
        (response) => response.writeHead(500).end(),
      ),
    );
    const client = createArchiveClient(server.url, sleep);
    expect(await client.checksum(PIECE, NEVER)).toEqual({ kind: 'ok', sha256: SHA });
    expect(pauses).toHaveLength(3);
    expect(pauses[2]).toBe(90_000);
    expect(await client.checksum(PIECE, NEVER)).toEqual({
      kind: 'unavailable',
      reason: `${server.url}/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2025-03-01.zip.CHECKSUM: HTTP 500`,
    });
    expect(server.requests).toHaveLength(4 + 6);
  });

  test('does not try again what is not there or not allowed', async () => {
    await using server = await startHttpServer(
      inTurn(
        (response) => response.writeHead(404).end(),
        (response) => response.writeHead(403).end(),
      ),
    );
    const client = createArchiveClient(server.url);
    expect(await client.checksum(PIECE, NEVER)).toEqual({ kind: 'absent' });
    expect(await client.checksum(PIECE, NEVER)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('got 403'),
    });
    expect(server.requests).toHaveLength(2);
  });

  test.each(['', 'not found', `${SHA}  other.zip`, `${SHA.slice(1)}  ${PIECE.fileName}`])(
    'refuses the CHECKSUM %j',
    async (text) => {
      await using server = await startHttpServer(inTurn((response) => response.end(text)));
      expect(await createArchiveClient(server.url).checksum(PIECE, NEVER)).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining(
          'expected a CHECKSUM of 64 hexadecimal digits and BTCUSDT-1m-2025-03-01.zip',
        ),
      });
    },
  );

  test('fetches a zip anew whose transfer was cut, and refuses one that does not end', async () => {
    await using folder = await temporaryFolder();
    const { sleep } = recordedSleep();
    const file = join(folder.path, 'a.zip');
    const megabyte = Buffer.alloc(1024 * 1024);
    await using server = await startHttpServer(
      inTurn(
        (response) => {
          response.writeHead(200, { 'Content-Length': 10 }).write('12345');
          setImmediate(() => response.destroy());
        },
        (response) => response.end('0123456789'),
        (response) => {
          const more = () => {
            while (!response.destroyed && response.write(megabyte));
          };
          response.on('drain', more);
          more();
        },
      ),
    );
    const client = createArchiveClient(server.url, sleep);
    expect(await client.download(PIECE, file, NEVER)).toEqual({
      kind: 'ok',
      sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
    });
    expect(await readFile(file, 'utf8')).toBe('0123456789');
    expect(await client.download(PIECE, file, NEVER)).toEqual({
      kind: 'refused',
      reason: 'expected a zip of at most 67108864 bytes, got more',
    });
    expect(server.requests).toHaveLength(3);
  });
});

async function zipOf(entries: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(entries)) zip.addBuffer(bytes, name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The zip with another number in its directory. */
function announced(bytes: Buffer, offset: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32LE(value, changed.indexOf(Buffer.from('PK\u0001\u0002', 'latin1')) + offset);
  return changed;
}

describe('unzipping', () => {
  const good = { 'a.csv': Buffer.from('1,2,3\n'.repeat(1000)) };
  const [flagsOffset, crcOffset, sizeOffset] = [8, 16, 24];

  test('takes the one file out', async () => {
    await using folder = await temporaryFolder();
    const [zip, csv] = [join(folder.path, 'a.zip'), join(folder.path, 'a.csv')];
    await writeFile(zip, await zipOf(good));
    expect(await unzipCsv(zip, 'a.csv', csv)).toEqual({ kind: 'ok' });
    expect(await readFile(csv)).toEqual(good['a.csv']);
  });

  test.each([
    [
      'a truncated one',
      async () => (await zipOf(good)).subarray(0, 60),
      'expected a whole zip, got a broken one',
    ],
    ['an empty file', () => Promise.resolve(Buffer.alloc(0)), 'expected a whole zip, got a broken one'],
    ['two files', () => zipOf({ ...good, 'b.csv': Buffer.from('x') }), 'expected one file in the zip, got 2'],
    ['another name', () => zipOf({ 'b.csv': Buffer.from('x') }), 'expected a.csv in the zip, got b.csv'],
    [
      'another sum',
      async () => announced(await zipOf(good), crcOffset, 7),
      'expected the CRC 7 in the zip, got ',
    ],
    [
      'a size that is not its own',
      async () => announced(await zipOf(good), sizeOffset, 5999),
      'got a broken one: expected 5999 bytes as the zip says, got more',
    ],
    [
      'a size above its own',
      async () => announced(await zipOf(good), sizeOffset, 6001),
      'expected 6001 bytes as the zip says, got 6000',
    ],
    [
      'a password',
      async () => announced(await zipOf(good), flagsOffset, 1 | (8 << 16)),
      'expected a zip without a password',
    ],
    [
      'another compression',
      async () => announced(await zipOf(good), flagsOffset, 12 << 16),
      'expected a zip without a password, stored or deflated, got method 12',
    ],
    [
      'a bomb',
      async () => announced(await zipOf(good), sizeOffset, 2 ** 31),
      'expected at most 67108864 bytes in the zip, got 2147483648',
    ],
  ])('refuses %s', async (_, bytes, reason) => {
    await using folder = await temporaryFolder();
    const zip = join(folder.path, 'a.zip');
    await writeFile(zip, await bytes());
    expect(await unzipCsv(zip, 'a.csv', join(folder.path, 'a.csv'))).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('REST', () => {
  const shape = z.object({ a: z.number() });

  test("keeps within the weight by the exchange's own count, asking one after the other", async () => {
    const { pauses, sleep } = recordedSleep();
    let [open, most] = [0, 0];
    await using server = await startHttpServer((request, response) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
        response.setHeader('X-MBX-USED-WEIGHT-1M', request.url === '/heavy' ? '4000' : '10').end('{"a":1}');
      });
    });
    const get = createRestGet([server.url], sleep);
    const answers = await Promise.all(['/light', '/heavy', '/late'].map((path) => get(path, shape, NEVER)));
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ kind: 'ok', value: { a: 1 } })));
    expect([server.requests, most]).toEqual([['/light', '/heavy', '/late'], 1]);
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeLessThanOrEqual(60_500);
  });

  test('stays silent for as long as a ban asks, and takes the next host when one is away or refuses the region', async () => {
    const { pauses, sleep } = recordedSleep();
    await using away = await startHttpServer((_, response) => response.writeHead(451).end());
    await using server = await startHttpServer(
      inTurn(
        (response) => response.writeHead(418, { 'Retry-After': '300' }).end(),
        (response) => response.end('{"a":1}'),
      ),
    );
    const get = createRestGet(['http://127.0.0.1:1', away.url, server.url], sleep);
    expect(await get('/x', shape, NEVER)).toEqual({ kind: 'ok', value: { a: 1 } });
    expect(pauses).toHaveLength(3);
    expect(pauses[2]).toBe(300_000);
    expect([away.requests.length, server.requests.length]).toEqual([1, 2]);
  });

  test('tells a request that is wrong, and an answer of another shape, without trying again', async () => {
    await using server = await startHttpServer(
      inTurn(
        (response) => response.writeHead(400).end('{"code":-1121,"msg":"Invalid symbol."}'),
        (response) => response.end('{"a":"x"}'),
      ),
    );
    const get = createRestGet([server.url]);
    expect(await get('/x', shape, NEVER)).toEqual({ kind: 'refused', reason: 'code -1121: Invalid symbol.' });
    expect(await get('/x', shape, NEVER)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('unexpected answer'),
    });
  });

  test('ends at once when the run is stopped while it waits', async () => {
    await using server = await startHttpServer((_, response) =>
      response.writeHead(429, { 'Retry-After': '600' }).end(),
    );
    const stop = new AbortController();
    const answer = createRestGet([server.url])('/x', shape, stop.signal);
    while (server.requests.length === 0) await nextTurn();
    stop.abort();
    await expect(answer).rejects.toThrow(/abort/);
  });
});

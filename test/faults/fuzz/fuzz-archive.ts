import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect } from 'vitest';
import { ZipFile } from 'yazl';
import { fromArchiveRow, inferArchiveFormat } from '#domain/archive-row.ts';
import { MINUTE_MS } from '#domain/candle.ts';
import { createArchiveClient } from '#fargate/archive-loader/archive-client.ts';
import { openParquetWriter } from '#fargate/archive-loader/parquet-writer.ts';
import { dailyPiece } from '#fargate/archive-loader/piece.ts';
import { unzipCsv } from '#fargate/archive-loader/unzip-csv.ts';
import type { ArchivePiece } from '#fargate/archive-loader/piece.ts';
import { startHttpServer } from '#test/http-server.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { mutate } from './mutate.ts';
import { randomFrom } from './random.ts';

const LINES = 12;
const SHA256 = 'ab'.repeat(32);
const never = new AbortController().signal;

interface Day {
  readonly piece: ArchivePiece;
  readonly unit: string;
}

/** A day in milliseconds and one in microseconds. */
const DAYS: readonly [Day, ...Day[]] = [
  { piece: dailyPiece('BTCUSDT', Date.UTC(2024, 11, 31)), unit: '' },
  { piece: dailyPiece('BTCUSDT', Date.UTC(2025, 2, 1)), unit: '000' },
];

/**
 * Reads broken zips, rows and CHECKSUMs as the loader does, and expects each file refused with a reason, or whole: as many
 * rows as it has lines, each a candle by the codec's own reading.
 */
export async function fuzzArchive(rounds: number, seed: number) {
  const random = randomFrom(seed);
  await using folder = await temporaryFolder();
  using writer = await openParquetWriter(folder.path);
  let checksum: Buffer = Buffer.alloc(0);
  await using server = await startHttpServer((_, response) => response.end(checksum));
  const archive = createArchiveClient(server.url, async () => {});
  const counts = {
    zips: { ok: 0, refused: 0 },
    rows: { converted: 0, refused: 0 },
    checksums: { ok: 0, refused: 0 },
  };
  const [zipFile, csvFile, parquetFile] = ['zip', 'csv', 'parquet'].map((name) =>
    join(folder.path, name),
  ) as [string, string, string]; // three names, three paths
  const from = {
    symbol: 'BTCUSDT',
    source: 'archive',
    sourceFile: 'x.zip',
    sha256: SHA256,
    loadedAtMs: 0,
  } as const;

  for (let round = 0; round < rounds; round++) {
    const { piece, unit } = random.pick(DAYS);
    const csv = csvOf(piece.firstMs, unit);
    const csvName = piece.fileName.replace('.zip', '.csv');
    // oxlint-disable no-await-in-loop -- one file after the other
    const zip = await zipOf(csvName, csv);

    await writeFile(zipFile, mutate(random, [zip]));
    const unzipped = await unzipCsv(zipFile, csvName, csvFile);
    counts.zips[unzipped.kind] += 1;
    if (unzipped.kind === 'ok') expect((await readFile(csvFile)).equals(csv)).toBe(true);
    else expect(unzipped.reason).toMatch(/^expected /);

    const broken = mutate(random, [csv]);
    await writeFile(csvFile, broken);
    const converted = await writer.convert(csvFile, piece, from, parquetFile);
    counts.rows[converted.kind] += 1;
    if (converted.kind === 'refused') expect(converted.reason).toMatch(/expected /);
    else expect(converted.openTimes, broken.toString()).toEqual(openTimesOf(broken));

    checksum = mutate(random, [Buffer.from(`${SHA256}  ${piece.fileName}\n`)]);
    const fetched = await archive.checksum(piece, never);
    // oxlint-enable no-await-in-loop
    if (fetched.kind !== 'ok' && fetched.kind !== 'refused')
      throw new Error(`expected an answer, got ${fetched.kind}`);
    counts.checksums[fetched.kind] += 1;
    if (fetched.kind === 'ok') expect(fetched.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  return counts;
}

/** By the codec, line by line; throws where a line is no candle: then the file should have been refused. */
function openTimesOf(csv: Buffer): readonly number[] {
  const lines = csv
    .toString()
    .split(/\r?\n|\r/)
    .filter((line) => line !== '');
  const format = inferArchiveFormat(lines[0] ?? '', lines[1]);
  if ('kind' in format) throw new Error(`expected a refusal: ${format.detail}`);
  const opens = lines.slice(format.hasHeader ? 1 : 0).map((line) => {
    const decoded = fromArchiveRow(line, 'BTCUSDT', format.unit, 0);
    if (decoded.kind === 'rejected')
      throw new Error(`expected a refusal: ${decoded.detail} in ${JSON.stringify(line)}`);
    return Date.parse(decoded.candle.openTime);
  });
  return [...new Set(opens)].toSorted((a, b) => a - b);
}

function csvOf(firstMs: number, unit: string): Buffer {
  const rows = Array.from({ length: LINES }, (_, index) => {
    const openMs = firstMs + index * MINUTE_MS;
    const closeMs = openMs + MINUTE_MS - 1;
    const fraction = unit === '' ? '' : '999';
    return `${openMs}${unit},10.5,12.00000000,9.1,11,100.25,${closeMs}${fraction},1100.5,42,50.25,550.5,0\n`;
  });
  return Buffer.from(rows.join(''));
}

async function zipOf(name: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(content, name);
  zip.end();
  return buffer(zip.outputStream);
}

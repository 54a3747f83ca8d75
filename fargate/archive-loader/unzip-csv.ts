import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise } from 'yauzl';
import type { ZipFile } from 'yauzl';
import { describeError, refused } from './outcome.ts';
import type { Refused } from './outcome.ts';

/** A month of minutes is 8 MB at most; a zip that unfolds to more is not what it says it is. */
const MOST_CSV_BYTES = 64 * 1024 * 1024;

/** As zips number them. */
const [STORED, DEFLATED] = [0, 8];

/** With zlib's own 16 KB a file would take twice the time, most of it between threads. */
const CHUNK_BYTES = 256 * 1024;

type Unzipped = { readonly kind: 'ok' } | Refused;

/** Unpacks the one CSV file of an archive's zip; what the zip says about its size and sum is held against it. */
export async function unzipCsv(zipFile: string, csvName: string, csvFile: string): Promise<Unzipped> {
  try {
    const zip = await openPromise(zipFile, { autoClose: false });
    try {
      return await unpack(zip, csvName, csvFile);
    } finally {
      zip.close();
    }
  } catch (error) {
    // A full disk is not the zip's fault.
    if (error instanceof Error && 'syscall' in error) throw error;
    return refused(`expected a whole zip, got a broken one: ${describeError(error)}`);
  }
}

async function unpack(zip: ZipFile, csvName: string, csvFile: string): Promise<Unzipped> {
  if (zip.entryCount !== 1) return refused(`expected one file in the zip, got ${zip.entryCount}`);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== csvName) return refused(`expected ${csvName} in the zip, got ${entry.fileName}`);
    if (entry.uncompressedSize > MOST_CSV_BYTES) {
      return refused(`expected at most ${MOST_CSV_BYTES} bytes in the zip, got ${entry.uncompressedSize}`);
    }
    if (entry.isEncrypted() || ![STORED, DEFLATED].includes(entry.compressionMethod)) {
      return refused(
        `expected a zip without a password, stored or deflated, got method ${entry.compressionMethod}`,
      );
    }
    const announced = entry.uncompressedSize;
    let [sum, bytes] = [0, 0];
    const summed = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        [sum, bytes] = [crc32(chunk, sum), bytes + chunk.length];
        if (bytes > announced) throw new Error(`expected ${announced} bytes as the zip says, got more`);
        yield chunk;
      }
    };
    const stored = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    const unpacked =
      entry.compressionMethod === DEFLATED ? createInflateRaw({ chunkSize: CHUNK_BYTES }) : new PassThrough();
    await pipeline(stored, unpacked, summed, createWriteStream(csvFile));
    if (bytes !== announced) return refused(`expected ${announced} bytes as the zip says, got ${bytes}`);
    if (sum !== entry.crc32) return refused(`expected the CRC ${entry.crc32} in the zip, got ${sum}`);
    return { kind: 'ok' };
  }
  return refused('expected one file in the zip, got none');
}

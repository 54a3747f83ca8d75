import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** Path inside the zip, with `/`. */
  readonly name: string;
  readonly read: () => Promise<Buffer>;
}

export interface WrittenZip {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a zip whose bytes depend on its entries only: their order, fixed times and modes, nothing compressed (jars are
 * already, and another zlib writes other bytes). The file takes its place whole.
 */
export async function writeZip(file: string, entries: readonly ZipEntry[]): Promise<WrittenZip> {
  const zip = new ZipFile();
  // zips hold local time, so this is the same in every time zone; their other stamp holds UTC and would not be
  const stamp = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true };
  for (const { name, read } of entries) {
    // by buffer, so that sizes stand before the data: readers of a stream can't do without when it is not compressed
    zip.addBuffer(await read(), name, { ...stamp, mode: 0o100644, compress: false });
  }
  zip.end();
  await mkdir(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await using handle = await open(next, 'w');
    for await (const chunk of zip.outputStream) {
      const data = Buffer.from(chunk);
      hash.update(data);
      bytes += data.length;
      await handle.writeFile(data);
    }
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await rename(next, file);
  return { bytes, sha256: hash.digest('hex') };
}

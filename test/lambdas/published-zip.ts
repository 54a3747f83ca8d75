import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';

/** The folder of an asset as the CDK publishes it: it uses the same library, with these settings. */
export async function zipAsset(folder: string): Promise<Buffer> {
  const zip = new ZipFile();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  if (files.length === 0) throw new Error(`expected files in ${folder}, got none`);
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const { mode } = await stat(path);
    const mtime = new Date(1980, 0, 1);
    zip.addBuffer(await readFile(path), path.slice(folder.length + 1), {
      mtime,
      mode,
      forceDosTimestamp: true,
    });
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** As Lambda does: what is in the zip, with the modes that it says, and nothing else. */
export async function unzipAsset(bytes: Buffer, folder: string): Promise<void> {
  const zip = await fromBufferPromise(bytes);
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await buffer(await zip.openReadStreamPromise(entry)));
    await chmod(path, entry.externalFileAttributes >>> 16);
  }
}

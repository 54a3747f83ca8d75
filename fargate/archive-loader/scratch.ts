import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what is under way; it goes with the scope that opened it. */
export interface Scratch extends AsyncDisposable {
  readonly folder: string;
  /** Names for the files of one piece; they are gone after the work. */
  withFiles<T>(work: (files: PieceFiles) => Promise<T>): Promise<T>;
}

export interface PieceFiles {
  readonly zip: string;
  readonly csv: string;
  readonly parquet: string;
}

export async function openScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'archive-loader-'));
  let last = 0;
  return {
    folder,
    async withFiles(work) {
      last += 1;
      const base = join(folder, String(last));
      const files = { zip: `${base}.zip`, csv: `${base}.csv`, parquet: `${base}.parquet` };
      try {
        return await work(files);
      } finally {
        await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

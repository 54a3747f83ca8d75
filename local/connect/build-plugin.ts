import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { folderProblems } from '#local/setup/sha256-sums.ts';
import { writeZip } from './write-zip.ts';
import type { WrittenZip } from './write-zip.ts';

export interface PluginSources {
  /** Holds the jars and nothing else. */
  readonly jars: string;
  /** The committed list of what they have to be. */
  readonly sums: string;
}

/** Writes MSK Connect's plugin: the pinned jars in one folder of a zip. Throws with the name of whatever is not as pinned. */
export async function buildPlugin({ jars, sums }: PluginSources, zipFile: string): Promise<WrittenZip> {
  const problems = await folderProblems(jars, sums);
  if (problems.length > 0) {
    throw new Error(
      `refused to build ${basename(zipFile)}, expected the jars of ${sums} in ${jars}:\n  ${problems.join('\n  ')}`,
    );
  }
  const names = (await readdir(jars)).toSorted();
  return writeZip(
    zipFile,
    names.map((name) => ({ name: `${basename(jars)}/${name}`, read: () => readFile(join(jars, name)) })),
  );
}

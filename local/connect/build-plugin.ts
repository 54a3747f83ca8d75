import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { folderProblems } from '#local/setup/sha256-sums.ts';
import { writeZip } from './write-zip.ts';
import type { WrittenZip, ZipEntry } from './write-zip.ts';

export interface PluginSources {
  readonly pinned: readonly PinnedJars[];
  /** Jars of our own, made from what is committed. */
  readonly compiled: readonly string[];
}

interface PinnedJars {
  /** Holds the jars and nothing else. */
  readonly jars: string;
  /** The committed list of what they have to be. */
  readonly sums: string;
}

/** Writes MSK Connect's plugin: all jars in one folder of a zip. Throws with the name of whatever is not as pinned. */
export async function buildPlugin({ pinned, compiled }: PluginSources, zipFile: string): Promise<WrittenZip> {
  const files = [...compiled];
  for (const { jars, sums } of pinned) {
    // oxlint-disable-next-line no-await-in-loop -- two
    const problems = await folderProblems(jars, sums);
    if (problems.length > 0) {
      throw new Error(
        `refused to build ${basename(zipFile)}, expected the jars of ${sums} in ${jars}:\n  ${problems.join('\n  ')}`,
      );
    }
    // oxlint-disable-next-line no-await-in-loop -- two
    files.push(...(await readdir(jars)).map((name) => join(jars, name)));
  }
  return writeZip(
    zipFile,
    files
      .map((file): ZipEntry => ({ name: `${FOLDER}/${basename(file)}`, read: () => readFile(file) }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  );
}

/** What a worker takes as one plugin, apart from any other's classes. */
const FOLDER = 'candle-sink';

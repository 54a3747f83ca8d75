import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Compares a folder with a committed list in the format of `sha256sum`: one line for each file that is wrong,
 * missing or extra, by name; none when the folder is exactly the list. A missing folder misses every file.
 */
export async function folderProblems(folder: string, sumsFile: string): Promise<readonly string[]> {
  const expected = parseSums(await readFile(sumsFile, 'utf8'), sumsFile);
  const present = new Set(await namesIn(folder));
  const problems: string[] = [];
  for (const [name, sum] of expected) {
    if (!present.delete(name)) {
      problems.push(`${name} is missing`);
      continue;
    }
    const actual = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (actual !== sum) problems.push(`${name} is wrong: expected SHA-256 ${sum}, got ${actual}`);
  }
  for (const name of present) problems.push(`${name} is extra: it is not in the list`);
  return problems;
}

function parseSums(text: string, file: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, sum, name] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined) {
      throw new Error(`expected lines of a SHA-256 and a file name in ${file}, got: ${line}`);
    }
    sums.set(name, sum);
  }
  if (sums.size === 0) throw new Error(`expected at least one file in ${file}, got none`);
  return sums;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { between, sectionOf } from './markdown.ts';
import type { BenchResult } from './result.ts';

/** `<folder>/benchmarks/<name>.json`, and its section of `<folder>/benchmarks.md`. */
export async function writeResult(folder: string, result: BenchResult): Promise<void> {
  await mkdir(join(folder, 'benchmarks'), { recursive: true });
  await writeFile(
    join(folder, 'benchmarks', `${result.name}.json`),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
  const file = join(folder, 'benchmarks.md');
  await writeFile(file, between(await readOr(file, '# Benchmarks\n'), result.name, sectionOf(result)));
}

async function readOr(file: string, otherwise: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
}

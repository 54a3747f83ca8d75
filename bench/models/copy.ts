import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { variable } from '#bench/run/contestant.ts';

/** What a run may change; shared with the original where the file system can. */
export async function copyOf(prepared: string): Promise<AsyncDisposable & { readonly folder: string }> {
  const own = await mkdtemp(join(variable('BENCH_FOLDER'), 'run-'));
  const folder = join(own, 'copy');
  const options = process.platform === 'linux' ? ['-r', '--reflink=auto'] : ['-r'];
  await promisify(execFile)('cp', [...options, prepared, folder]);
  return { folder, [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }) };
}

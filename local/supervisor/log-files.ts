import { copyFileSync, existsSync, renameSync, statSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Past this a log is cut within a run, too: with the one before it, a part keeps at most twice as much. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;

/** Keeps the previous run's log beside the new one, and none older. */
export function rotateLog(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.previous`);
}

/** Cuts a log that its process holds open for appending: the process goes on at the new end. One that was removed has nothing to cut. */
export function cutLog(file: string, maxBytes = MAX_LOG_BYTES): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= maxBytes) return;
  copyFileSync(file, `${file}.previous`);
  truncateSync(file);
}

/** The last lines of a log file. */
export async function tailOf(file: string, lines = 15): Promise<string> {
  await using handle = await open(file);
  const { size } = await handle.stat();
  const length = Math.min(size, 16 * 1024);
  const { buffer } = await handle.read({ buffer: Buffer.alloc(length), position: size - length });
  return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

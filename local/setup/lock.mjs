// Plain JavaScript on what Node 18 has: the bootstrap uses it before anything is installed.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOfProcess, isAlive } from './process-identity.mjs';

const POLL_MS = 300;

/** @param {string} file */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  const text = JSON.stringify({ pid: process.pid, identity: identityOfProcess(process.pid) });
  writeFileSync(own, text);
  try {
    for (;;) {
      try {
        linkSync(own, file); // whole at once: nobody reads half a lock
        return { kind: 'locked', release: () => readLock(file)?.text === text && rmSync(file) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readLock(file);
      if (holder !== undefined && isAlive(holder.id)) return { kind: 'held', by: holder.id };
      if (holder !== undefined) removeStale(file, holder.text);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * @param {string} file
 * @param {(by: { pid: number }) => void} onWait
 * @param {() => Promise<unknown>} work
 */
export async function withLock(file, onWait, work) {
  let lock = tryLock(file);
  if (lock.kind === 'held') onWait(lock.by);
  while (lock.kind === 'held') {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** @param {string} file */
export function lockHolder(file) {
  const holder = readLock(file);
  return holder !== undefined && isAlive(holder.id) ? holder.id : undefined;
}

function readLock(file) {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, id: JSON.parse(text) };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Between the look and the rename somebody else may have taken the lock: then it is put back. */
function removeStale(file, staleText) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== staleText) linkSync(aside, file);
  rmSync(aside);
}

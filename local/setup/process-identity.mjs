// Plain JavaScript on what Node 18 has: the bootstrap and the clean-up use it before anything is installed.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @param {number} pid */
export function identityOfProcess(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return undefined;
  }
  try {
    if (process.platform !== 'linux') {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      );
    }
    // the command's name, in brackets, may hold spaces: count behind it
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [state, started] = [fields[0], fields[19]];
    return state === 'Z' ? undefined : started;
  } catch {
    return undefined;
  }
}

/** @param {{ pid: number, identity: string }} holder */
export function isAlive({ pid, identity }) {
  return identityOfProcess(pid) === identity;
}

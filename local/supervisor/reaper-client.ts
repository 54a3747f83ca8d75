import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessId } from '#local/setup/process-identity.mjs';

/** The process that ends the parts should this one be killed. */
export interface Reaper {
  readonly watch: (part: ProcessId) => void;
  readonly forget: (part: ProcessId) => void;
  readonly close: () => void;
}

export function startReaper(logFile: string, stateFile: string): Reaper {
  const watched = new Map<number, ProcessId>();
  let isClosed = false;
  let input = start();

  function start(): Writable {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts'), stateFile], {
      stdio: ['pipe', log, log],
      detached: true,
    });
    closeSync(log);
    child.once('exit', () => {
      if (!isClosed) input = start();
    });
    const { stdin } = child;
    if (stdin === null) throw new Error('expected a pipe to the reaper, got none');
    // a reaper that died is seen by its exit
    stdin.on('error', () => {});
    for (const part of watched.values()) stdin.write(watchLine(part));
    return stdin;
  }

  return {
    watch(part) {
      watched.set(part.pid, part);
      input.write(watchLine(part));
    },
    forget({ pid }) {
      watched.delete(pid);
      input.write(`- ${pid}\n`);
    },
    close() {
      isClosed = true;
      input.end();
    },
  };
}

function watchLine({ pid, identity }: ProcessId): string {
  return `+ ${pid} ${identity}\n`;
}

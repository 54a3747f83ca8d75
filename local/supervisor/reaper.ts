import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '#local/setup/process-identity.mjs';
import { killGroup, sendSignal } from './launch.ts';
import { readState, writeState } from './state-file.ts';

// Ends the parts when the supervisor is gone without having done so, as after kill -9. The supervisor holds the
// other end of standard input, and tells of each part by a line: `+ pid identity` or `- pid`. The argument is the
// state file, which nobody else keeps true then.
const GRACE_MS = 8000;
const POLL_MS = 100;

const parts = new Map<number, string>();
// Ctrl-C is for the supervisor; this process ends when its input does.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
for await (const line of createInterface({ input: process.stdin })) {
  const [sign, pid, ...identity] = line.split(' ');
  if (sign === '+') parts.set(Number(pid), identity.join(' '));
  else parts.delete(Number(pid));
}
// What started last depends on what started first.
for (const [pid, identity] of [...parts].toReversed()) await end(pid, identity);
if (parts.size > 0) tellStopped(process.argv[2] ?? '');

async function end(pid: number, identity: string): Promise<void> {
  const part = { pid, identity };
  if (!isAlive(part)) return;
  console.log(`${new Date().toISOString()} the supervisor is gone, ending process ${pid}`);
  sendSignal(pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (isAlive(part) && Date.now() < deadline) await sleep(POLL_MS);
  killGroup(pid);
}

function tellStopped(stateFile: string): void {
  const state = readState(stateFile);
  // a next run may be there already
  if (state === undefined || isAlive(state.supervisor)) return;
  const stopped = Object.entries(state.parts).map(
    ([name, { url, state: last }]) => [name, { url, state: last === 'failed' ? last : 'stopped' }] as const,
  );
  writeState(stateFile, { ...state, ready: false, parts: Object.fromEntries(stopped) });
}

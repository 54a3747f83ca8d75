import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '#local/setup/process-identity.mjs';
import { killGroup } from './launch.ts';

// Ends the parts when the supervisor is gone without having done so, as after kill -9. The supervisor holds the
// other end of standard input, and tells of each part by a line: `+ pid identity` or `- pid`.
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

async function end(pid: number, identity: string): Promise<void> {
  const part = { pid, identity };
  if (!isAlive(part)) return;
  console.log(`${new Date().toISOString()} the supervisor is gone, ending process ${pid}`);
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (isAlive(part) && Date.now() < deadline) await sleep(POLL_MS);
  killGroup(pid);
}

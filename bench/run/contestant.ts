import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as z from 'zod';
import type { RunReport } from './definition.ts';

/** The case's work, for a contestant in TypeScript: `readCase('symbols', 'frames')`. */
export function readCase<Key extends string>(...keys: readonly Key[]): Readonly<Record<Key, number>> {
  const fields = Object.fromEntries(keys.map((key) => [key, z.number()]));
  // z.object of exactly these keys
  return z.object(fields).parse(JSON.parse(variable('BENCH_CASE'))) as Record<Key, number>;
}

/** A variable that `setUp` gave. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`expected ${name}, got nothing: contestants are run by npm run bench`);
  return value;
}

/** An npm package that was installed for this bench alone; the caller says what it uses of it. */
export function requirePeer(name: string): unknown {
  return createRequire(join(variable('BENCH_NPM_PEERS'), 'package.json'))(name);
}

/** As the peer's own package.json says, for the report. */
export function peerVersion(name: string): string {
  const read = createRequire(join(variable('BENCH_NPM_PEERS'), 'package.json'));
  const path = join(variable('BENCH_NPM_PEERS'), 'node_modules', name, 'package.json');
  return `${name} ${z.object({ version: z.string() }).parse(read(path)).version}`;
}

/** Starts the clocks of the part that is measured; the function that it returns reads them. */
export function startClocks(): () => { readonly cpuSeconds: number; readonly wallSeconds: number } {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - wall) / 1000 };
  };
}

/** Prints the report; sockets and timers that are still open are not waited for. */
export function report(line: RunReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
}

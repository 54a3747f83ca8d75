import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { readCase, report, variable } from '#bench/run/contestant.ts';
import { firstSymbols } from '#local/exchange/listings.ts';
import { ROOT } from '#local/setup/folders.ts';
import { YEAR } from './archive-files.ts';

type Command = readonly [program: string, ...args: string[]];

/** Runs a loader, from its start to its end, on an empty warehouse, and reports what has landed there. */
export async function measureOnWarehouse(command: Command, role: 'loader' | 'admin'): Promise<void> {
  const clients = clientsSchema.parse(await ask('/warehouse', 'POST'));
  const { version, ...took } = await measure(command, clients[role]);
  const { counts, cpuSeconds } = landedSchema.parse(await ask('/landed', 'GET'));
  const figures = { warehouseCpuSeconds: cpuSeconds, inexact: counts['inexact'] ?? Number.NaN };
  report({ ...took, counts, figures, ...(version !== undefined && { version }) });
}

/** The same for one that loads a DuckDB file of its own, whose name it gets as BENCH_DATABASE. */
export async function measureOnFile(command: Command): Promise<void> {
  const folder = await mkdtemp(join(variable('BENCH_FOLDER'), 'duckdb-'));
  const file = join(folder, 'market.db');
  const { version, ...took } = await measure(command, { BENCH_DATABASE: file });
  const { counts } = landedSchema.parse(await ask(`/landed?file=${encodeURIComponent(file)}`, 'GET'));
  await rm(folder, { recursive: true });
  const figures = { inexact: counts['inexact'] ?? Number.NaN };
  report({ ...took, counts, figures, ...(version !== undefined && { version }) });
}

const clientsSchema = z.object({
  loader: z.record(z.string(), z.string()),
  admin: z.record(z.string(), z.string()),
});

const landedSchema = z.object({
  counts: z.record(z.string(), z.number()),
  /** The emulator's own, from its start to the last row. */
  cpuSeconds: z.number().default(0),
});

/** All loaders are told what to load in the words of ours. */
function range(): readonly string[] {
  const { symbols, months } = readCase('symbols', 'months');
  const lastDay = new Date(Date.UTC(YEAR, months, 0)).toISOString().slice(0, 10);
  return ['--symbols', firstSymbols(symbols).join(), '--from', `${YEAR}-01-01`, '--to', lastDay];
}

/** By the frame's own program, as the frame itself would also count the emulator's start. */
async function measure(command: Command, env: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(variable('BENCH_FOLDER'), 'run-'));
  const file = join(folder, 'took.json');
  const measurer = join(ROOT, 'bench', 'run', 'measure.py');
  const child = spawn('python3', [measurer, file, '', ...command, ...range()], {
    env: { ...process.env, ...env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const stdout = await text(child.stdout);
  await closed;
  if (child.exitCode !== 0) throw new Error(`expected the loader to end with 0, got ${child.exitCode}`);
  const { wallSeconds, cpuSeconds } = tookSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await rm(folder, { recursive: true });
  const { version } = lastLineSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  return { wallSeconds, cpuSeconds, version };
}

const tookSchema = z.object({ wallSeconds: z.number(), cpuSeconds: z.number() });

const lastLineSchema = z.object({ version: z.string().optional() });

async function ask(path: string, method: string): Promise<unknown> {
  const answer = await fetch(`${variable('BENCH_KEEPER')}${path}`, {
    method,
    signal: AbortSignal.timeout(600_000),
  });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`expected 200 for ${path}, got ${answer.status}: ${body}`);
  return JSON.parse(body);
}

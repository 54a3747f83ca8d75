import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const partStateSchema = z.object({
  url: z.string(),
  state: z.enum(['starting', 'running', 'restarting', 'failed', 'stopped']),
  /** Absent while there is no process. */
  pid: z.int().optional(),
  /** With the pid, the process beyond doubt. */
  identity: z.string().optional(),
  /** Records that the part has still to read. */
  lag: z.number().optional(),
  /** Since the last candle of the symbol that waited longest. */
  ageSeconds: z.number().optional(),
  /** What it is waiting for, or what is wrong. */
  detail: z.string().optional(),
});

const runStateSchema = z.object({
  /** True while every part does its work. */
  ready: z.boolean(),
  source: z.enum(['live', 'replay']),
  startedAt: z.iso.datetime(),
  supervisor: z.object({ pid: z.int(), identity: z.string() }),
  parts: z.record(z.string(), partStateSchema),
});

export type PartState = Readonly<z.infer<typeof partStateSchema>>;
export type RunState = Readonly<z.infer<typeof runStateSchema>>;

export function stateFileIn(folder: string): string {
  return join(folder, 'state.json');
}

/** Replaces the file whole, so that nobody reads half of it; each writer has a new one of its own. */
export function writeState(file: string, state: RunState): void {
  mkdirSync(dirname(file), { recursive: true });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(next, file);
}

/** Undefined when nothing ever ran here. */
export function readState(file: string): RunState | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return runStateSchema.parse(JSON.parse(text));
}

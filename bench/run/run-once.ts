import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Counts, RunReport } from './definition.ts';

export interface RunCommand {
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Undefined: wherever the system likes. */
  readonly cpu: number | undefined;
  readonly timeoutMs: number;
}

/** What one process took. `cpuSeconds` and `wallSeconds` are of the measured part, where the contestant tells it. */
export interface Run {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** With start-up and all. */
  readonly process: { readonly cpuSeconds: number; readonly wallSeconds: number };
  readonly peakMiB: number;
  /** Medians of its resident memory in the second and the last quarter of the run; a run of an instant has none. */
  readonly earlyMiB?: number | undefined;
  readonly lateMiB?: number | undefined;
  readonly figures: Readonly<Record<string, number>>;
  readonly counts: Counts;
  readonly version?: string | undefined;
}

/** Its work was not the work, or it did not end well. */
export class RefusedRun extends Error {
  override readonly name = 'RefusedRun';
}

/** Runs a contestant once; throws a RefusedRun unless it came to exactly the expected counts. */
export async function runOnce(options: RunCommand, expected: Counts): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'crypto-market-bench-'));
  try {
    const file = join(folder, 'took.json');
    const output = await runMeasured(file, options);
    const took = tookSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const told = readReport(output);
    refuseOtherCounts(told.counts, expected);
    // A clock of its own that runs slower than the system's is no clock.
    if ((told.cpuSeconds ?? 0) > took.cpuSeconds * 1.01 + 0.01) {
      throw new RefusedRun(`it tells ${told.cpuSeconds} CPU-seconds, the system ${took.cpuSeconds}`);
    }
    return {
      cpuSeconds: told.cpuSeconds ?? took.cpuSeconds,
      wallSeconds: told.wallSeconds ?? took.wallSeconds,
      process: { cpuSeconds: took.cpuSeconds, wallSeconds: took.wallSeconds },
      peakMiB: took.peakMiB,
      earlyMiB: took.earlyMiB,
      lateMiB: took.lateMiB,
      figures: told.figures ?? {},
      counts: told.counts,
      version: told.version,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const tookSchema = z.object({
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  peakMiB: z.number(),
  earlyMiB: z.number().optional(),
  lateMiB: z.number().optional(),
});

const numbers = z.record(z.string(), z.number());

const reportSchema = z.object({
  counts: numbers,
  cpuSeconds: z.number().positive().optional(),
  wallSeconds: z.number().positive().optional(),
  figures: numbers.optional(),
  version: z.string().optional(),
}) satisfies z.ZodType<RunReport>;

async function runMeasured(file: string, { command, cwd, env, cpu, timeoutMs }: RunCommand): Promise<string> {
  const measure = join(import.meta.dirname, 'measure.py');
  const child = spawn('python3', [measure, file, String(cpu ?? ''), ...command], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (err = (err + text).slice(-MOST_ERROR_CHARS)));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
  }, timeoutMs);
  const stopWithUs = () => child.kill('SIGTERM');
  process.once('exit', stopWithUs);
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
    });
    if (late) throw new RefusedRun(`it had not ended after ${timeoutMs / 1000} s\n${err}`);
    if (code !== 0) throw new RefusedRun(`it ended with ${code}\n${err}`);
    return out;
  } finally {
    clearTimeout(timer);
    process.off('exit', stopWithUs);
  }
}

const MOST_ERROR_CHARS = 4000;

/** The last line; what comes before is the peers' own chatter. */
function readReport(output: string): RunReport {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  try {
    return reportSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new RefusedRun(`expected a report in JSON as its last line, got ${line.slice(0, 200)}`, {
      cause: error,
    });
  }
}

function refuseOtherCounts(counts: Counts, expected: Counts): void {
  const other = Object.entries(expected).filter(([key, count]) => counts[key] !== count);
  if (other.length === 0) return;
  const lines = other.map(([key, count]) => `expected ${count} ${key}, got ${counts[key] ?? 'none'}`);
  throw new RefusedRun(lines.join('; '));
}

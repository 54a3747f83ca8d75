import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchCase, Contestant, Counts, Prepared } from './definition.ts';
import { contestantCpu } from './cpus.ts';
import { checkGoals } from './goals.ts';
import { describeMachine } from './machine.ts';
import { installPeers } from './peers.ts';
import type { InstalledPeers } from './peers.ts';
import type { BenchResult, CaseResult } from './result.ts';
import { summarise } from './result.ts';
import type { Run } from './run-once.ts';
import { RefusedRun, runOnce } from './run-once.ts';

export interface RunBenchOptions {
  /** Where `bench.ts` lies. */
  readonly folder: string;
  readonly runs: number;
  readonly quick: boolean;
  /** Of these contestants only; all by default. */
  readonly contestants?: readonly string[] | undefined;
  readonly timeoutMs?: number;
  readonly say: (line: string) => void;
}

const DEFAULT_TIMEOUT_MS = 30 * 60_000;

/** All contestants in one session, one after the other in an order that turns from round to round. */
export async function runBench(bench: Bench, options: RunBenchOptions): Promise<BenchResult> {
  const { folder, runs, quick, say } = options;
  for (const step of bench.needs ?? []) {
    if ((await step.check()).kind === 'missing') await step.install();
  }
  const contestants = bench.contestants.filter(({ name }) => options.contestants?.includes(name) ?? true);
  if (contestants.length === 0) {
    const names = bench.contestants.map(({ name }) => name).join(', ');
    throw new Error(
      `expected contestants of ${bench.name}, which are ${names}, got ${options.contestants?.join(', ')}`,
    );
  }
  const peers = await installPeers(bench, contestants, folder, say);
  const machine = describeMachine();
  const cases: CaseResult[] = [];
  for (const benchCase of quick ? bench.quickCases : bench.cases) {
    say(`${bench.name}: ${benchCase.name}`);
    const scratch = await mkdtemp(join(tmpdir(), 'crypto-market-bench-'));
    try {
      await using prepared = await prepare(bench, benchCase, scratch, peers);
      const expected = { ...benchCase.expected, ...prepared.expected };
      cases.push(await runCase(contestants, benchCase, { ...options, peers, prepared, expected }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  const { name, what, unit, notes = [], figures } = bench;
  return {
    name,
    what,
    unit,
    notes,
    ...(figures && { figures }),
    machine,
    quick,
    runs,
    cases,
    goals: quick ? [] : checkGoals(bench.goals, cases),
  };
}

async function prepare(
  bench: Bench,
  benchCase: BenchCase,
  folder: string,
  peers: InstalledPeers,
): Promise<Prepared> {
  return (
    (await bench.setUp?.(benchCase, { folder, python: peers.python })) ?? {
      env: {},
      [Symbol.asyncDispose]: async () => undefined,
    }
  );
}

interface CaseOptions extends RunBenchOptions {
  readonly peers: InstalledPeers;
  readonly prepared: Prepared;
  readonly expected: Counts;
}

async function runCase(
  all: readonly Contestant[],
  benchCase: BenchCase,
  options: CaseOptions,
): Promise<CaseResult> {
  const contestants = all.filter((contestant) => contestant.only?.(benchCase) ?? true);
  const done = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < options.runs; round += 1) {
    for (const contestant of turned(contestants, round)) {
      const run = await runContestant(contestant, benchCase, `${contestant.name}-${round}`, options);
      done.get(contestant.name)?.push(run);
      const { cpuSeconds, wallSeconds } = run;
      options.say(`  ${contestant.name}: ${cpuSeconds.toFixed(2)} CPU-s, ${wallSeconds.toFixed(2)} s`);
    }
  }
  return {
    name: benchCase.name,
    amount: benchCase.amount,
    contestants: contestants.map(({ name, limit = false }) =>
      summarise(name, limit, benchCase.amount, done.get(name) ?? []),
    ),
  };
}

/** So that none is always the first after a pause, or always after the same one. */
function turned<T>(items: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(1, items.length);
  return [...items.slice(at), ...items.slice(0, at)];
}

async function runContestant(
  contestant: Contestant,
  benchCase: BenchCase,
  run: string,
  { peers, prepared, expected, folder, timeoutMs = DEFAULT_TIMEOUT_MS }: CaseOptions,
): Promise<Run> {
  const [program, ...args] = contestant.command;
  const keys = contestant.counts ?? Object.keys(expected);
  const wanted = Object.fromEntries(Object.entries(expected).filter(([key]) => keys.includes(key)));
  const env = {
    ...process.env,
    ...prepared.env,
    BENCH_CASE: JSON.stringify(benchCase.work),
    BENCH_RUN: run,
    ...(peers.npm !== undefined && { BENCH_NPM_PEERS: peers.npm }),
    NODE_NO_WARNINGS: '1',
  };
  const cpu = (contestant.pinned ?? true) ? contestantCpu() : undefined;
  try {
    return await runOnce(
      { command: [executable(program, peers), ...args], cwd: folder, env, cpu, timeoutMs },
      wanted,
    );
  } catch (error) {
    if (!(error instanceof RefusedRun)) throw error;
    throw new RefusedRun(`${contestant.name}, ${benchCase.name}: run refused: ${error.message}`, {
      cause: error,
    });
  }
}

function executable(program: string, { python }: InstalledPeers): string {
  if (program === 'node') return process.execPath;
  return program === 'python' ? (python ?? 'python3') : program;
}

import type { Bench, BenchCase, Contestant, Prepared } from './definition.ts';
import { contestantCpu } from './cpus.ts';
import { checkGoals } from './goals.ts';
import { describeMachine } from './machine.ts';
import { installPeers } from './peers.ts';
import type { InstalledPeers } from './peers.ts';
import type { BenchResult, CaseResult } from './result.ts';
import { summarise } from './result.ts';
import type { Run } from './run-once.ts';
import { RefusedRun, runOnce } from './run-once.ts';
import { scratchFolder } from './scratch-folder.ts';

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
  const all = quick ? bench.quickCases : bench.cases;
  const together = bench.casesInTurn === true ? [all] : all.map((one) => [one]);
  const cases: CaseResult[] = [];
  for (const some of together)
    cases.push(...(await runCases(bench, some, contestants, { ...options, peers })));
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

interface PreparedCase {
  readonly benchCase: BenchCase;
  readonly contestants: readonly Contestant[];
  readonly prepared: Prepared;
  /** By contestant. */
  readonly done: ReadonlyMap<string, Run[]>;
}

/** Every case is set up before the first one runs. */
async function runCases(
  bench: Bench,
  cases: readonly BenchCase[],
  contestants: readonly Contestant[],
  options: RunOptions,
): Promise<readonly CaseResult[]> {
  await using resources = new AsyncDisposableStack();
  const preparedCases: PreparedCase[] = [];
  for (const benchCase of cases) {
    options.say(`${bench.name}: ${benchCase.name}`);
    const folder = resources.use(await scratchFolder());
    const context = { folder: folder.path, python: options.peers.python };
    const prepared = (await bench.setUp?.(benchCase, context)) ?? NOTHING_PREPARED;
    resources.use(prepared);
    const some = contestants.filter((contestant) => contestant.only?.(benchCase) ?? true);
    const done = new Map<string, Run[]>(some.map(({ name }) => [name, []]));
    preparedCases.push({ benchCase, contestants: some, prepared, done });
  }
  for (let round = 0; round < options.runs; round += 1) {
    for (const one of turned(preparedCases, round)) await runRound(one, round, options);
  }
  return preparedCases.map(({ benchCase: { name, amount }, contestants: some, done }) => ({
    name,
    amount,
    contestants: some.map((one) => summarise(one.name, one.limit ?? false, amount, done.get(one.name) ?? [])),
  }));
}

const NOTHING_PREPARED: Prepared = { env: {}, [Symbol.asyncDispose]: async () => undefined };

interface RunOptions extends RunBenchOptions {
  readonly peers: InstalledPeers;
}

async function runRound(one: PreparedCase, round: number, options: RunOptions): Promise<void> {
  for (const contestant of turned(one.contestants, round)) {
    const run = await runContestant(contestant, one, `${contestant.name}-${round}`, options);
    one.done.get(contestant.name)?.push(run);
    const { cpuSeconds, wallSeconds } = run;
    options.say(
      `  ${one.benchCase.name}, ${contestant.name}: ${cpuSeconds.toFixed(2)} CPU-s, ${wallSeconds.toFixed(2)} s`,
    );
  }
}

/** So that none is always the first after a pause, or always after the same one. */
function turned<T>(items: readonly T[], by: number): readonly T[] {
  const at = by % Math.max(1, items.length);
  return [...items.slice(at), ...items.slice(0, at)];
}

async function runContestant(
  contestant: Contestant,
  { benchCase, prepared }: PreparedCase,
  run: string,
  { peers, folder, timeoutMs = DEFAULT_TIMEOUT_MS }: RunOptions,
): Promise<Run> {
  const expected = { ...benchCase.expected, ...prepared.expected };
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

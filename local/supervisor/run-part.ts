import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './launch.ts';
import type { Launched } from './launch.ts';
import { cutLog, tailOf } from './log-files.ts';
import type { Health, Part } from './part.ts';
import { restartBudget } from './restart-budget.ts';
import type { RestartLimit } from './restart-budget.ts';
import type { PartState } from './state-file.ts';

/** What a part is run with; the rest of the run sees it through `report`. */
export interface RunPartOptions {
  readonly logFile: string;
  readonly limit: RestartLimit;
  readonly checkEveryMs: number;
  /** No restarts from here on: the whole run is being stopped. */
  readonly stopping: AbortSignal;
  /** This part's turn to stop. */
  readonly end: AbortSignal;
  /** Second Ctrl-C. */
  readonly killNow: AbortSignal;
  /** Resolves when the parts that this one depends on answer. */
  readonly dependenciesUp: () => Promise<void>;
  readonly report: (change: PartChange) => void;
  readonly say: (text: string) => void;
  /** Told of each process, for the case that this one is killed. */
  readonly onStart: (process: Launched) => void;
  readonly onEnd: (process: Launched) => void;
}

export interface PartChange extends Partial<Omit<PartState, 'url'>> {
  readonly health?: Health['kind'];
}

const GONE = {
  pid: undefined,
  identity: undefined,
  lag: undefined,
  ageSeconds: undefined,
  health: 'down',
} as const;

/** Checks in a row without an answer before a part that has answered counts as hung. */
const HUNG_AFTER_CHECKS = 15;

/** Runs a part until it is told to end, restarting it when it dies; false when it died too often. */
export async function runPart(part: Part, options: RunPartOptions): Promise<boolean> {
  const { logFile, limit, stopping, report, say } = options;
  const nextDelay = restartBudget(limit);
  report({ state: 'starting' });
  for (;;) {
    await options.dependenciesUp();
    const how = stopping.aborted ? 'stopped' : await runOnce(part, options);
    if (stopping.aborted) {
      report({ ...GONE, state: 'stopped', detail: undefined });
      return true;
    }
    const delayMs = nextDelay(Date.now());
    const next =
      delayMs === undefined
        ? `it died more than ${limit.restarts} times in ${limit.windowMs / 60_000} minutes`
        : `restarting in ${delayMs / 1000} s`;
    const log = await tailOf(logFile).catch(() => '');
    say(`${part.name}: ${how}; ${next}; ${logFile} ends:\n${log.replaceAll(/^/gm, '    ')}`);
    report({ ...GONE, state: delayMs === undefined ? 'failed' : 'restarting', detail: how });
    if (delayMs === undefined) return false;
    await sleep(delayMs, undefined, { signal: stopping }).catch(() => {});
  }
}

/** One process from its start to its end; says in words how it ended. */
async function runOnce(part: Part, options: RunPartOptions): Promise<string> {
  let running: Launched;
  try {
    const command = await part.prepare();
    running = await launch({ name: part.name, ...command, logFile: options.logFile, ownGroup: true });
  } catch (error) {
    return `could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
  options.onStart(running);
  const killNow = () => running.kill('SIGKILL');
  options.killNow.addEventListener('abort', killNow);
  try {
    options.report({ pid: running.pid, identity: running.identity });
    return await watch(part, options, overOf(running, options.end));
  } finally {
    // whatever went wrong, nothing may run on that is not watched
    if (options.killNow.aborted) killNow();
    await running.stop(part.stopTimeoutMs ?? 10_000);
    options.killNow.removeEventListener('abort', killNow);
    options.onEnd(running);
  }
}

/** Aborted, with the reason in words, when the process is gone or should go. */
function overOf(running: Launched, end: AbortSignal): AbortSignal {
  const over = new AbortController();
  void running.exited.then((how) => over.abort(`ended with ${how}`));
  if (end.aborted) over.abort('stopped');
  end.addEventListener('abort', () => over.abort('stopped'), { once: true });
  return over.signal;
}

/** Checks until the process is over, or until it should be because it does not answer. */
async function watch(part: Part, options: RunPartOptions, over: AbortSignal): Promise<string> {
  const startedMs = Date.now();
  const startTimeoutMs = part.startTimeoutMs ?? 60_000;
  let hasAnswered = false;
  let silentChecks = 0;
  for (;;) {
    const health: Health | undefined = await unlessAborted(over, checkOf(part, hasAnswered));
    if (health === undefined) return String(over.reason);
    silentChecks = health.kind === 'down' ? silentChecks + 1 : 0;
    hasAnswered ||= health.kind !== 'down';
    const { kind, detail, lag, ageSeconds } = health;
    if (!hasAnswered && Date.now() - startedMs > startTimeoutMs) {
      return `did not answer within ${startTimeoutMs / 1000} s${detail ? `: ${detail}` : ''}`;
    }
    if (hasAnswered && silentChecks >= HUNG_AFTER_CHECKS)
      return `no longer answers${detail ? `: ${detail}` : ''}`;
    const isReady = kind === 'ready' ? ({ state: 'running' } as const) : {};
    options.report({ ...isReady, health: kind, detail, lag, ageSeconds });
    cutLog(options.logFile);
    const pauseMs = hasAnswered ? options.checkEveryMs : Math.min(200, options.checkEveryMs);
    await unlessAborted(over, sleep(pauseMs, true));
  }
}

async function checkOf(part: Part, hasAnswered: boolean): Promise<Health> {
  try {
    const health = await part.check();
    if (!hasAnswered && health.kind !== 'down') await part.onceUp?.();
    return health;
  } catch (error) {
    return { kind: 'down', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Undefined as soon as the signal is aborted. Not Promise.race, which would keep every loser for the whole run. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const abort = Promise.withResolvers<undefined>();
  const onAbort = () => abort.resolve(undefined);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, abort.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

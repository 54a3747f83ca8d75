import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { identityOfProcess } from '#local/setup/process-identity.mjs';
import { rotateLog } from './log-files.ts';
import { inStartOrder } from './part.ts';
import type { Health, Part } from './part.ts';
import { startReaper } from './reaper-client.ts';
import { RESTART_LIMIT } from './restart-budget.ts';
import type { RestartLimit } from './restart-budget.ts';
import { runPart } from './run-part.ts';
import type { PartChange } from './run-part.ts';
import type { Screen } from './screen.ts';
import { stateFileIn, writeState } from './state-file.ts';
import type { PartState, RunState } from './state-file.ts';
import { partsTable } from './table.ts';

export interface SuperviseOptions {
  readonly parts: readonly Part[];
  /** Gets state.json and logs/. */
  readonly folder: string;
  readonly source: RunState['source'];
  readonly screen: Screen;
  /** Called the first time that every part does its work. */
  readonly onReady?: () => void;
  readonly limit?: RestartLimit;
  readonly checkEveryMs?: number;
}

export interface Supervisor {
  /**
   * Settles when every part is gone: true when they were told to stop, false when one died too often. Rejects when
   * the supervising itself failed, as on a full disk.
   */
  readonly done: Promise<boolean>;
  /** Stops the parts, those first that others do not depend on. */
  readonly stop: () => void;
  /** Kills whatever still runs. */
  readonly kill: () => void;
}

/** Starts the parts in order, restarts what dies, and keeps the state file true until all are gone. */
export function supervise(options: SuperviseOptions): Supervisor {
  const { folder, screen, limit = RESTART_LIMIT, checkEveryMs = 2000 } = options;
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const reaper = startReaper(join(logs, 'reaper.log'), stateFileIn(folder));
  const [stopping, killing] = [new AbortController(), new AbortController()];
  const board = statusBoard(options);
  const runs = inStartOrder(options.parts).map((part) => {
    const logFile = join(logs, `${part.name}.log`);
    rotateLog(logFile);
    const end = new AbortController();
    const finished = runPart(part, {
      logFile,
      limit,
      checkEveryMs,
      stopping: stopping.signal,
      end: end.signal,
      killNow: killing.signal,
      dependenciesUp: () => board.areUp(part.dependsOn, stopping.signal),
      report: (change) => board.report(part.name, change),
      say: screen.say,
      onStart: reaper.watch,
      onEnd: reaper.forget,
    });
    return { end, finished };
  });

  async function stopInOrder(): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    for (const { end, finished } of runs.toReversed()) {
      end.abort();
      await Promise.allSettled([finished]);
    }
  }

  async function untilDone(): Promise<boolean> {
    const all = runs.map(({ finished }) => finished);
    let isWell = false;
    try {
      // the first to finish either gave up or was told to stop
      isWell = await Promise.race(all);
    } finally {
      if (!isWell) screen.say('stopping the other parts');
      await stopInOrder();
      await Promise.allSettled(all);
      reaper.close();
    }
    await Promise.all(all); // what went wrong while they stopped
    return isWell;
  }

  return { done: untilDone(), stop: () => void stopInOrder(), kill: () => killing.abort() };
}

/** What is known of every part, told to the state file, the screen and the parts that wait for others. */
function statusBoard({ folder, source, parts, screen, onReady }: SuperviseOptions) {
  const startedAt = new Date().toISOString();
  const supervisor = { pid: process.pid, identity: identityOfProcess(process.pid) ?? '' };
  const states: Record<string, PartState> = {};
  const health = new Map<string, Health['kind']>();
  for (const { name, url } of parts) states[name] = { url, state: 'starting' };
  let wakeWaiting = Promise.withResolvers<void>();
  let wasReady = false;

  const isUp = (name: string) => (health.get(name) ?? 'down') !== 'down';
  const isReady = () => parts.every(({ name }) => health.get(name) === 'ready');
  write();

  function write() {
    writeState(stateFileIn(folder), { ready: isReady(), source, startedAt, supervisor, parts: states });
  }

  function report(name: string, change: PartChange) {
    const before = states[name];
    if (before === undefined) throw new Error(`expected the name of a part, got ${name}`);
    const { health: kind = health.get(name), ...fields } = change;
    const after = { ...before, ...fields };
    const hasChanged = before.state !== after.state || health.get(name) !== kind;
    if (kind !== undefined) health.set(name, kind);
    states[name] = after;
    write();
    wakeWaiting.resolve();
    wakeWaiting = Promise.withResolvers();
    tell(name, after, before.state !== after.state, hasChanged);
  }

  function tell(name: string, part: PartState, isOtherState: boolean, hasChanged: boolean) {
    const becameReady = !wasReady && isReady();
    if (becameReady) wasReady = true;
    // on the way up and down one line a part says it all
    const isUnderWay = !wasReady || part.state === 'stopped';
    if (isUnderWay && isOtherState) screen.note(`${name}: ${part.state}, ${part.url}`);
    screen.showTable(partsTable(states), becameReady || (!isUnderWay && hasChanged));
    if (becameReady) onReady?.();
  }

  async function areUp(names: readonly string[], signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted && !names.every(isUp)) await Promise.race([wakeWaiting.promise, stopped]);
  }

  return { report, areUp };
}

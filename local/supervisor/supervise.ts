import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rotateLog } from './log-files.ts';
import { inStartOrder, withDependents } from './part.ts';
import type { Part } from './part.ts';
import { startReaper } from './reaper-client.ts';
import { RESTART_LIMIT } from './restart-budget.ts';
import type { RestartLimit } from './restart-budget.ts';
import { runPart } from './run-part.ts';
import { stateFileIn } from './state-file.ts';
import { statusBoard } from './status-board.ts';
import type { BoardOptions } from './status-board.ts';

export interface SuperviseOptions extends BoardOptions {
  readonly limit?: RestartLimit;
  readonly checkEveryMs?: number;
}

export interface Supervisor {
  /**
   * Settles when every part is gone: true when they were told to stop, false when one had died too often. Rejects when
   * the supervising itself failed, as on a full disk.
   */
  readonly done: Promise<boolean>;
  /** Stops the parts, those first that others do not depend on. */
  readonly stop: () => void;
  /** Kills whatever still runs. */
  readonly kill: () => void;
}

interface Run {
  readonly part: Part;
  /** True unless it died too often. */
  readonly finished: Promise<boolean>;
  /** No restarts of this part from here on. */
  readonly quit: AbortController;
  /** This part's turn to stop. */
  readonly end: AbortController;
}

/**
 * Starts the parts in order, restarts what dies, and keeps the state file true until all are gone. The batch half starts
 * once the live half answers, so as not to slow it down. A live part that dies too often ends the run; a batch part only
 * itself and what depends on it.
 */
export function supervise(options: SuperviseOptions): Supervisor {
  const { folder, screen, limit = RESTART_LIMIT, checkEveryMs = 2000 } = options;
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const reaper = startReaper(join(logs, 'reaper.log'), stateFileIn(folder));
  const [stopping, killing] = [new AbortController(), new AbortController()];
  const board = statusBoard(options);
  const liveNames = options.parts.filter(({ half }) => half === 'live').map(({ name }) => name);
  const liveUp = board.areUp(liveNames, stopping.signal);
  const runs = inStartOrder(options.parts).map(begin);

  function begin(part: Part): Run {
    const logFile = join(logs, `${part.name}.log`);
    rotateLog(logFile);
    const [quit, end] = [new AbortController(), new AbortController()];
    const quitting = AbortSignal.any([stopping.signal, quit.signal]);
    const finished = runPart(part, {
      logFile,
      limit,
      checkEveryMs,
      stopping: quitting,
      end: end.signal,
      killNow: killing.signal,
      dependenciesUp: async () => {
        if (part.half === 'batch') await liveUp;
        await board.areUp(part.dependsOn, quitting);
      },
      report: (change) => board.report(part.name, change),
      say: screen.say,
      onStart: reaper.watch,
      onEnd: reaper.forget,
    });
    return { part, finished, quit, end };
  }

  async function stopInOrder(): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await endAll(runs);
  }

  /** A part of the batch half to its end; when it died too often, what can't work without it is stopped. */
  async function goOnWithout({ part: failed, finished }: Run): Promise<void> {
    if (await finished) return;
    const lost = withDependents([failed.name], options.parts);
    const idle = runs.filter(({ part }) => part !== failed && lost.has(part.name));
    const others = idle.map(({ part }) => part.name).join(', ');
    screen.say(
      `WAREHOUSE HALF NOT WHOLE: ${failed.name} stays down${others && `, and so do ${others}, which need it`}; ` +
        `the live half goes on. Mend it, then stop and start again`,
    );
    for (const { quit } of idle) quit.abort();
    await endAll(idle);
    for (const { part } of idle)
      board.report(part.name, { detail: `needs ${failed.name}, which stays down` });
  }

  async function untilDone(): Promise<boolean> {
    const all = runs.map(({ finished }) => finished);
    const live = runs.filter(({ part }) => part.half === 'live').map(({ finished }) => finished);
    const batch = runs.filter(({ part }) => part.half === 'batch').map(goOnWithout);
    let isWell = false;
    try {
      // the first of the live half to finish either gave up or was told to stop; of the others only a throw counts
      isWell = await Promise.race([...live, Promise.all(batch).then(() => Promise.race(live))]);
    } finally {
      if (!isWell) screen.say('stopping the other parts');
      await stopInOrder();
      await Promise.allSettled([...all, ...batch]);
      reaper.close();
    }
    const outcomes = await Promise.all(all); // what went wrong while they stopped
    return outcomes.every(Boolean);
  }

  return { done: untilDone(), stop: () => void stopInOrder(), kill: () => killing.abort() };
}

/** One after the other, from the last to the first. */
async function endAll(runs: readonly Run[]): Promise<void> {
  for (const { end, finished } of runs.toReversed()) {
    end.abort();
    await Promise.allSettled([finished]);
  }
}

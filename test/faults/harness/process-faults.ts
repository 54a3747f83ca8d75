import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from '#local/supervisor/start-process.ts';

/** A process that things can be done to. */
export interface FaultyProcess {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it hangs, and its sockets stay open. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** SIGSTOP for so long. */
  freezeFor(ms: number): Promise<void>;
}

/** To the process that stands in its place at that moment. */
export function signalTo(current: () => Pick<RunningProcess, 'kill' | 'stop'>): FaultyProcess {
  const freeze = () => current().kill('SIGSTOP');
  const thaw = () => current().kill('SIGCONT');
  return {
    kill: () => current().stop('SIGKILL'),
    freeze,
    thaw,
    freezeFor: async (ms) => {
      freeze();
      await delay(ms);
      thaw();
    },
  };
}

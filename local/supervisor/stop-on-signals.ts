import type { Supervisor } from './supervise.ts';

/** A Ctrl-C reaches this process from the terminal and from npm: within this time they are one. */
const SAME_PRESS_MS = 500;

/** The first signal stops the parts in order, a second one kills what still runs. */
export function stopOnSignals(supervisor: Supervisor, say: (text: string) => void): void {
  let firstMs: number | undefined;
  const onSignal = () => {
    const nowMs = Date.now();
    if (firstMs === undefined) {
      firstMs = nowMs;
      say('stopping; Ctrl-C again kills at once');
      supervisor.stop();
    } else if (nowMs - firstMs > SAME_PRESS_MS) {
      say('killing what still runs');
      supervisor.kill();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

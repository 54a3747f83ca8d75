interface Task {
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

export interface Polling {
  /** Runs every task as soon as those under way are done. */
  readonly now: () => void;
}

/** Runs each task at its pace, never twice at once, and not while the page is out of sight. `after` follows each. */
export function startPolling(tasks: readonly Task[], after: () => void): Polling {
  const wakers = tasks.map(({ everyMs, run }) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let underWay = false;
    let again = false;
    const turn = async (): Promise<void> => {
      if (underWay) {
        again = true;
        return;
      }
      clearTimeout(timer);
      if (document.hidden) return;
      underWay = true;
      try {
        await run();
        after();
      } finally {
        // A bug in one turn must not end the refreshing: it is reported, and the next turn comes.
        underWay = false;
        timer = setTimeout(() => void turn(), again ? 0 : everyMs);
        again = false;
      }
    };
    void turn();
    return turn;
  });
  const now = () => wakers.forEach((turn) => void turn());
  document.addEventListener('visibilitychange', now);
  return { now };
}

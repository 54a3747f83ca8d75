import { MINUTE_MS } from '#domain/candle.ts';

/** Time and timers as one thing, so that a test can own both. All times are ms since 1970. */
export interface Clock {
  now(): number;
  /** Runs the task once this clock shows `timeMs` or later; in order of time. Returns how to cancel it. */
  at(timeMs: number, task: () => void): () => void;
}

/** A clock that stands still until it is told to move; tasks due on the way run within `advance`, one after the other. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** How far behind the wall clock a fast replay starts: the metrics store refuses samples over an hour old. */
const HEAD_START_MS = 55 * MINUTE_MS;

/**
 * The exchange's clock. At speed 1 it is the wall clock; at speed N it starts 55 minutes behind it and runs N times
 * as fast until it has caught up, then goes on as the wall clock. So no candle is ever in the future.
 */
export function replayClock(wall: Clock, speed: number): Clock {
  const started = wall.now();
  if (speed <= 1) return wall;
  const caughtUp = started + HEAD_START_MS / (speed - 1);
  const shown = (wallMs: number) =>
    wallMs >= caughtUp ? wallMs : started - HEAD_START_MS + Math.floor((wallMs - started) * speed);
  const wallAt = (timeMs: number) =>
    timeMs >= caughtUp ? timeMs : started + Math.ceil((timeMs - started + HEAD_START_MS) / speed);
  return {
    now: () => shown(wall.now()),
    at: (timeMs, task) => wall.at(wallAt(timeMs), task),
  };
}

export function wallClock(): Clock {
  return {
    now: () => Date.now(),
    at(timeMs, task) {
      // Node's timers take at most 2^31 - 1 ms and may fire 1 ms early by Date.now: both just mean waiting again.
      const MAX_WAIT_MS = 2 ** 31 - 1;
      let timer: NodeJS.Timeout;
      const wait = () => {
        timer = setTimeout(
          () => {
            if (Date.now() >= timeMs) task();
            else wait();
          },
          Math.min(MAX_WAIT_MS, Math.max(0, timeMs - Date.now())),
        );
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}

export function manualClock(startMs: number): ManualClock {
  let now = startMs;
  let tasks: readonly { readonly timeMs: number; readonly task: () => void }[] = [];
  return {
    now: () => now,
    at(timeMs, task) {
      const entry = { timeMs, task };
      const later = tasks.findIndex((other) => other.timeMs > timeMs);
      const index = later < 0 ? tasks.length : later;
      tasks = [...tasks.slice(0, index), entry, ...tasks.slice(index)];
      return () => {
        tasks = tasks.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const target = now + ms;
      for (let next = tasks[0]; next && next.timeMs <= target; next = tasks[0]) {
        tasks = tasks.slice(1);
        now = Math.max(now, next.timeMs);
        next.task();
      }
      now = target;
    },
  };
}

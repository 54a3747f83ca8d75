import { wallClock } from '#local/exchange/clock.ts';
import type { Clock } from '#local/exchange/clock.ts';

/** Where and how fast a run's time goes: the same for the exchange (in the test) and for the processes of the product. */
export interface RunTime {
  /** The machine's clock when the run's clock showed `startMs`; ms since 1970. */
  readonly realStartMs: number;
  readonly startMs: number;
  /** Times as fast as the machine's. */
  readonly speed: number;
}

/** A run that begins so long ago, so that no candle of it is ever in the machine's future. */
const AGO_MS = 12 * 3_600_000;

export function startTime(speed: number, startMs = Date.now() - AGO_MS): RunTime {
  return { realStartMs: Date.now(), startMs, speed };
}

/** The run's time as a clock, for the exchange. */
export function fastClock({ realStartMs, startMs, speed }: RunTime): Clock {
  const real = wallClock();
  return {
    now: () => Math.floor(startMs + (real.now() - realStartMs) * speed),
    at: (timeMs, task) => real.at(realStartMs + Math.ceil((timeMs - startMs) / speed), task),
  };
}

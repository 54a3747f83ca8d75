/**
 * Loaded before a process of the product (`node --import`): its clocks and timers are then those of FAULT_CLOCK. Only
 * time is another one; not a line of the product is. Answers from other machines do not come faster by it.
 */
import { performance } from 'node:perf_hooks';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import * as z from 'zod';

const schema = z.object({
  realStartMs: z.number(),
  startMs: z.number(),
  speed: z.number().positive(),
  /** How far the process's clock of the day is off, from the start or (see below) from a signal on. */
  shiftMs: z.number().default(0),
  /** The shift comes with SIGUSR2, as a step of the clock under a running process. */
  shiftOnSignal: z.boolean().default(false),
  /** Only the clock of the day is another one: timers keep the machine's pace, as answers from other machines do. */
  dayOnly: z.boolean().default(false),
  /** Timers of an hour and more fire after this much real time: the hours pass fast, the seconds do not. */
  hoursMs: z.number().optional(),
});

export type ProcessClock = z.input<typeof schema>;

const HOUR_MS = 3_600_000;
const { realStartMs, startMs, speed, shiftMs, shiftOnSignal, dayOnly, hoursMs } = schema.parse(
  JSON.parse(process.env['FAULT_CLOCK'] ?? '{}'),
);

const realNow = Date.now;
let shift = shiftOnSignal ? 0 : shiftMs;
if (shiftOnSignal) process.on('SIGUSR2', () => (shift = shiftMs));
const now = () => Math.floor(startMs + (realNow() - realStartMs) * speed + shift);

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date, // a Date's constructor
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

const realPerformanceNow = performance.now.bind(performance);
const pace = dayOnly ? 1 : speed;
performance.now = () => realPerformanceNow() * pace;

const realMs = (ms: number | undefined) =>
  hoursMs !== undefined && (ms ?? 0) >= HOUR_MS ? hoursMs : (ms ?? 0) / pace;

for (const name of ['setTimeout', 'setInterval'] as const) {
  const real = timers[name];
  // The same function but for its delay, with what hangs on it (`util.promisify`).
  const scaled = Object.assign(
    (task: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => real(task, realMs(ms), ...args),
    real,
  );
  Reflect.set(globalThis, name, scaled);
  Reflect.set(timers, name, scaled);
}
const realDelay = promises.setTimeout;
promises.setTimeout = async (ms, value, options) => realDelay(realMs(ms), value, options);
// AbortSignal.timeout takes the timers of `node:timers`, which are these by now.
syncBuiltinESMExports();

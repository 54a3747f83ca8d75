import { readFileSync } from 'node:fs';

interface Point {
  /** Since this process began. */
  readonly ageHours: number;
  readonly megabytes: number;
}

export interface MemoryOfPart {
  readonly part: string;
  readonly samples: number;
  readonly mostMb: number;
  /** By least squares over the age of the processes, of what was sampled after their first minutes; undefined with too few. */
  readonly slopeMbPerHour: number | undefined;
}

export interface MemoryLog extends Disposable {
  summary(): readonly MemoryOfPart[];
}

const EVERY_MS = 2000;
const WARM_UP_HOURS = 3 / 60;
const FEWEST = 10;

/** Resident memory of processes that may come and go; machine's time. */
export function sampleMemory(parts: Readonly<Record<string, () => number>>): MemoryLog {
  const points = new Map<string, Point[]>(Object.keys(parts).map((part) => [part, []]));
  const bornMs = new Map<number, number>();
  const timer = setInterval(() => {
    for (const [part, pidOf] of Object.entries(parts)) {
      const pid = pidOf();
      const megabytes = residentMb(pid);
      if (megabytes === undefined) continue;
      const born = bornMs.get(pid) ?? Date.now();
      bornMs.set(pid, born);
      points.get(part)?.push({ ageHours: (Date.now() - born) / 3_600_000, megabytes });
    }
  }, EVERY_MS);
  return {
    summary: () =>
      [...points].map(([part, all]) => ({
        part,
        samples: all.length,
        mostMb: Math.round(all.reduce((most, { megabytes }) => Math.max(most, megabytes), 0)),
        slopeMbPerHour: slope(all.filter(({ ageHours }) => ageHours > WARM_UP_HOURS)),
      })),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Undefined for a process that is gone. */
function residentMb(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined; // it has just ended
  }
}

/** Least squares. */
export function slope(points: readonly Point[]): number | undefined {
  if (points.length < FEWEST) return undefined;
  const [x, y] = [mean(points.map((point) => point.ageHours)), mean(points.map((point) => point.megabytes))];
  const above = points.reduce((sum, point) => sum + (point.ageHours - x) * (point.megabytes - y), 0);
  const below = points.reduce((sum, point) => sum + (point.ageHours - x) ** 2, 0);
  return below === 0 ? undefined : above / below;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

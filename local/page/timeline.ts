import type { Series } from './answers.ts';

/** Samples of several lines by time, gathered from answers that overlap, in the shape that uPlot draws. */
export class Timeline {
  readonly #label: string;
  readonly #keepMs: number;
  readonly #lines = new Map<string, Map<number, number>>();

  /** `label` is the one that tells the lines apart; samples older than `keepMs` before the newest are let go. */
  constructor(label: string, keepMs: number) {
    this.#label = label;
    this.#keepMs = keepMs;
  }

  merge(series: readonly Series[]): void {
    let newestMs = 0;
    for (const { labels, samples } of series) {
      const key = labels[this.#label] ?? '';
      const line = this.#lines.get(key) ?? new Map<number, number>();
      this.#lines.set(key, line);
      for (const [timeMs, text] of samples) {
        const value = Number(text);
        if (Number.isFinite(value)) line.set(timeMs, value);
        newestMs = Math.max(newestMs, timeMs);
      }
    }
    for (const line of this.#lines.values()) {
      for (const timeMs of line.keys()) if (timeMs < newestMs - this.#keepMs) line.delete(timeMs);
    }
  }

  /** Times in seconds, then the named lines; null where a line has no sample, and in the middle of a hole. */
  columns(lines: readonly string[], stepMs: number): readonly [number[], ...(number | null)[][]] {
    const known = lines.map((name) => this.#lines.get(name) ?? new Map<number, number>());
    const times = [...new Set(known.flatMap((line) => [...line.keys()]))].toSorted((a, b) => a - b);
    const withHoles = times.flatMap((timeMs, index) => {
      const next = times[index + 1];
      // Between samples further apart than the step there is nothing, and the line must not bridge it.
      return next !== undefined && next - timeMs > stepMs * 1.5 ? [timeMs, timeMs + stepMs] : [timeMs];
    });
    return [
      withHoles.map((timeMs) => timeMs / 1000),
      ...known.map((line) => withHoles.map((timeMs) => line.get(timeMs) ?? null)),
    ];
  }

  latest(line: string): number | undefined {
    const samples = [...(this.#lines.get(line) ?? [])];
    return samples.toSorted(([a], [b]) => a - b).at(-1)?.[1];
  }
}

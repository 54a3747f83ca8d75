import { isPresent } from './reduce.ts';

export interface SparkPoint {
  readonly timeMs: number;
  readonly value: number | null;
}

/** Runs of points without a hole between, in a box of `width` by `height` whose lower edge is `min`. */
export function sparkRuns(
  points: readonly SparkPoint[],
  { width, height, stepMs }: { width: number; height: number; stepMs: number | undefined },
): { readonly x: number; readonly y: number }[][] {
  const present = points.filter((point) => isPresent(point.value));
  const [first, last] = [points[0]?.timeMs ?? 0, points.at(-1)?.timeMs ?? 1];
  const values = present.map(({ value }) => value ?? 0);
  const min = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const runs: { x: number; y: number }[][] = [];
  let before: number | undefined;
  for (const { timeMs, value } of present) {
    const place = {
      x: rounded(last > first ? ((timeMs - first) / (last - first)) * width : width / 2),
      y: rounded(max > min ? height - (((value ?? 0) - min) / (max - min)) * height : height / 2),
    };
    const isHole = before === undefined || (stepMs !== undefined && timeMs - before > stepMs * 1.5);
    if (isHole) runs.push([place]);
    else runs.at(-1)?.push(place);
    before = timeMs;
  }
  return runs;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

import { faded } from './colours.ts';
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

const SVG = 'http://www.w3.org/2000/svg';

/** A line without axes, and the area below it, as wide and as high as its element lets it be. */
export function drawSparkline(
  points: readonly SparkPoint[],
  { colour, stepMs, fill = 0.18 }: { colour: string; stepMs: number | undefined; fill?: number },
): SVGElement {
  const [width, height, margin] = [100, 30, 1];
  const svg = svgElement('svg', {
    viewBox: `0 ${-margin} ${width} ${height + 2 * margin}`,
    preserveAspectRatio: 'none',
  });
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('viz-sparkline');
  for (const run of sparkRuns(points, { width, height, stepMs })) {
    const line = run.map(({ x, y }) => `${x},${y}`).join(' ');
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) continue;
    if (fill > 0) {
      const area = svgElement('polygon', {
        points: `${first.x},${height + margin} ${line} ${last.x},${height + margin}`,
      });
      area.style.fill = faded(colour, fill);
      svg.append(area);
    }
    const stroke = svgElement('polyline', {
      points: run.length > 1 ? line : `${first.x - 0.5},${first.y} ${first.x + 0.5},${first.y}`,
    });
    stroke.style.stroke = colour;
    svg.append(stroke);
  }
  return svg;
}

function svgElement(name: string, attributes: Readonly<Record<string, string>>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

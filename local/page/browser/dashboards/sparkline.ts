import { faded } from './colours.ts';
import { sparkRuns } from './spark-runs.ts';
import type { SparkPoint } from './spark-runs.ts';

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

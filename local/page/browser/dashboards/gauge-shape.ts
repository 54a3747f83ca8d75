import { faded } from './colours.ts';

/** Which cells of a bar are lit when this share of it is: those that begin below it. */
export function gaugeCells(share: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, cell) => cell / count < share);
}

/** What fills a bar: its colour, or the colours that it has passed. */
export function gaugeFill(
  mode: 'basic' | 'gradient',
  colour: string,
  share: number,
  colourAt: (share: number) => string,
): string {
  if (mode === 'basic') return faded(colour, 0.6);
  const stops = [0, 0.25, 0.5, 0.75, 1].map((part) => `${colourAt(part * share)} ${part * 100}%`);
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

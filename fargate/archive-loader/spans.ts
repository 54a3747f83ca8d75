import { MINUTE_MS } from '#domain/candle.ts';
import type { Span } from './piece.ts';

/** What is left of the span without the others. */
export function without(span: Span, others: readonly Span[]): readonly Span[] {
  let left: readonly Span[] = [span];
  for (const other of others) left = left.flatMap((one) => cut(one, other));
  return left;
}

/** The minutes of the span that are not among `openTimes` (ascending), as spans. */
export function holesIn(span: Span, openTimes: Iterable<number>): readonly Span[] {
  const holes: Span[] = [];
  let expectedMs = span.firstMs;
  for (const atMs of openTimes) {
    if (atMs < expectedMs) continue;
    if (atMs > span.lastMs) break;
    if (atMs > expectedMs) holes.push({ firstMs: expectedMs, lastMs: atMs - MINUTE_MS });
    expectedMs = atMs + MINUTE_MS;
  }
  if (expectedMs <= span.lastMs) holes.push({ firstMs: expectedMs, lastMs: span.lastMs });
  return holes;
}

/** The part of a span that lies within the other, if any. */
export function overlap(one: Span, other: Span): Span | undefined {
  const [firstMs, lastMs] = [Math.max(one.firstMs, other.firstMs), Math.min(one.lastMs, other.lastMs)];
  return firstMs <= lastMs ? { firstMs, lastMs } : undefined;
}

export function* minutesIn(spans: Iterable<Span>): Generator<number> {
  for (const { firstMs, lastMs } of spans) {
    for (let atMs = firstMs; atMs <= lastMs; atMs += MINUTE_MS) yield atMs;
  }
}

function cut(span: Span, other: Span): readonly Span[] {
  if (overlap(span, other) === undefined) return [span];
  return [
    { firstMs: span.firstMs, lastMs: other.firstMs - MINUTE_MS },
    { firstMs: other.lastMs + MINUTE_MS, lastMs: span.lastMs },
  ].filter(({ firstMs, lastMs }) => firstMs <= lastMs);
}

import { MINUTE_MS } from '#domain/candle.ts';
import { DAY_MS, dailyPiece, monthlyPiece, restPieces } from './piece.ts';
import type { Piece, Span } from './piece.ts';

/** The exchange may still be about to show a younger minute by REST; those come by the stream. */
const SETTLE_MS = 5 * MINUTE_MS;

/**
 * Which files and REST ranges cover the span, each minute once: whole months that are over, else whole days that are over
 * (the first and the last are rounded out), else REST. `nowMs` is the exchange's clock.
 */
export function planPieces(symbol: string, { firstMs, lastMs }: Span, nowMs: number): readonly Piece[] {
  const endMs = Math.min(lastMs, lastSettledMs(nowMs));
  const pieces: Piece[] = [];
  for (let atMs = Math.floor(firstMs / DAY_MS) * DAY_MS; atMs <= endMs;) {
    const [month, day] = [monthlyPiece(symbol, atMs), dailyPiece(symbol, atMs)];
    const file =
      atMs === month.firstMs && month.lastMs <= endMs ? month : isOver(day, nowMs) ? day : undefined;
    if (!file) return [...pieces, ...restPieces(symbol, { firstMs: Math.max(firstMs, atMs), lastMs: endMs })];
    pieces.push(file);
    atMs = file.lastMs + MINUTE_MS;
  }
  return pieces;
}

/** Open time of the youngest minute that REST is sure to show, if the exchange has it at all. */
export function lastSettledMs(nowMs: number): number {
  return Math.floor((nowMs - SETTLE_MS) / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
}

/** Only then can there be a file of it. */
export function isOver({ lastMs }: Span, nowMs: number): boolean {
  return lastMs + MINUTE_MS <= nowMs - SETTLE_MS;
}

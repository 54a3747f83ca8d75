import { MINUTE_MS } from '#domain/candle.ts';

/** What is fetched at once. All times are open times in ms since 1970, both ends inclusive. */
export type Piece = ArchivePiece | RestPiece;

export interface ArchivePiece {
  readonly kind: 'archive';
  readonly granularity: 'monthly' | 'daily';
  readonly symbol: string;
  readonly firstMs: number;
  readonly lastMs: number;
  /** As the exchange calls the file and as the manifest does: `BTCUSDT-1m-2025-01.zip`. */
  readonly fileName: string;
}

/** Never longer than a day. */
export interface RestPiece {
  readonly kind: 'rest';
  readonly symbol: string;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
}

export const DAY_MS = 1440 * MINUTE_MS;

/** The file of the month that the time lies in. */
export function monthlyPiece(symbol: string, atMs: number): ArchivePiece {
  const at = new Date(atMs);
  const firstMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
  const lastMs = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1) - MINUTE_MS;
  const fileName = `${symbol}-1m-${at.toISOString().slice(0, 7)}.zip`;
  return { kind: 'archive', granularity: 'monthly', symbol, firstMs, lastMs, fileName };
}

export function dailyPiece(symbol: string, atMs: number): ArchivePiece {
  const firstMs = Math.floor(atMs / DAY_MS) * DAY_MS;
  const fileName = `${symbol}-1m-${new Date(firstMs).toISOString().slice(0, 10)}.zip`;
  const lastMs = firstMs + DAY_MS - MINUTE_MS;
  return { kind: 'archive', granularity: 'daily', symbol, firstMs, lastMs, fileName };
}

/** The days of a span, as files. */
export function dailyPieces({ symbol, firstMs, lastMs }: Span & { readonly symbol: string }): ArchivePiece[] {
  const pieces: ArchivePiece[] = [];
  for (let atMs = firstMs; atMs <= lastMs;) {
    const piece = dailyPiece(symbol, atMs);
    pieces.push(piece);
    atMs = piece.lastMs + MINUTE_MS;
  }
  return pieces;
}

/** A span, cut where days begin. */
export function restPieces(symbol: string, { firstMs, lastMs }: Span): RestPiece[] {
  return dailyPieces({ symbol, firstMs, lastMs }).map((day) => ({
    kind: 'rest',
    symbol,
    firstMs: Math.max(firstMs, day.firstMs),
    lastMs: Math.min(lastMs, day.lastMs),
  }));
}

/** What the manifest calls a piece; a name for each range where there is no file. */
export function nameOf(piece: Piece): string {
  if (piece.kind === 'archive') return piece.fileName;
  return `${piece.symbol}-1m-${stamp(piece.firstMs)}Z-${stamp(piece.lastMs)}Z.rest`;
}

/** Below the archive's address. Source: https://github.com/binance/binance-public-data */
export function pathOf({ granularity, symbol, fileName }: ArchivePiece): string {
  return `/data/spot/${granularity}/klines/${encodeURIComponent(symbol)}/1m/${encodeURIComponent(fileName)}`;
}

export function minutesOf({ firstMs, lastMs }: Span): number {
  return (lastMs - firstMs) / MINUTE_MS + 1;
}

function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
}

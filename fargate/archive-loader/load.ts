import { inParallel } from './in-parallel.ts';
import type { LoadContext } from './load-context.ts';
import { loadPiece } from './load-piece.ts';
import { minutesOf } from './piece.ts';
import type { Piece, Span } from './piece.ts';
import { planPieces } from './plan.ts';
import type { Progress } from './progress.ts';

/** Loads the span of each symbol, from its listing on. `exchangeNowMs` is the exchange's clock. */
export async function loadHistory(
  context: LoadContext,
  progress: Progress,
  {
    symbols,
    span,
    atOnce,
    exchangeNowMs,
  }: {
    readonly symbols: readonly string[];
    readonly span: Span;
    readonly atOnce: number;
    readonly exchangeNowMs: number;
  },
): Promise<void> {
  const pieces: Piece[] = [];
  for (const symbol of symbols) pieces.push(...(await planSymbol(context, symbol, span, exchangeNowMs)));
  progress.expect(pieces.reduce((sum, piece) => sum + minutesOf(piece), 0));
  await inParallel(pieces, atOnce, async (piece) => {
    context.signal.throwIfAborted();
    await loadPiece(context, piece);
  });
}

async function planSymbol(
  { listings, report, signal }: LoadContext,
  symbol: string,
  span: Span,
  exchangeNowMs: number,
): Promise<readonly Piece[]> {
  const listing = await listings(symbol, signal);
  switch (listing.kind) {
    case 'listed':
      return planPieces(symbol, { ...span, firstMs: Math.max(span.firstMs, listing.firstMs) }, exchangeNowMs);
    case 'empty':
      report.add(symbol, { kind: 'missing', reason: 'the exchange has no candle of this symbol' });
      return [];
    case 'unknown':
    case 'unavailable':
      // The archive may have what REST does not.
      return planPieces(symbol, span, exchangeNowMs);
  }
}

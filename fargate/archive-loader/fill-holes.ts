import type { LoadContext } from './load-context.ts';
import { loadRange } from './load-range.ts';
import { minutesOf, nameOf, restPieces } from './piece.ts';
import type { Span } from './piece.ts';

/**
 * Asks REST for minutes that are nowhere else: what it has is landed, what it has not either is recorded as absent. What it
 * could not be asked for stays open: the gap model finds it, and a later run fills it.
 */
export async function fillHoles(context: LoadContext, symbol: string, holes: readonly Span[]): Promise<void> {
  const { landing, listings, now, report, signal } = context;
  if (holes.length === 0) return;
  const listing = await listings(symbol, signal);
  if (listing.kind === 'unknown') {
    await landing.recordAbsent(symbol, holes, 'archive', now());
    for (const hole of holes) report.addAbsent(minutesOf(hole));
    return;
  }
  for (const hole of holes) {
    for (const piece of restPieces(symbol, hole)) {
      const outcome = await loadRange(context, piece, 'record-absent');
      if (outcome.kind !== 'missing') report.add(nameOf(piece), outcome);
    }
  }
}

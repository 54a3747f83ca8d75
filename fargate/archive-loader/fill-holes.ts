import type { LoadContext } from './load-context.ts';
import { loadRange } from './load-range.ts';
import { minutesOf, nameOf, restPieces } from './piece.ts';
import type { Span } from './piece.ts';

/**
 * Asks REST for minutes that are nowhere else: what it has is landed, what it has not either is recorded as absent. What it
 * could not be asked for stays open: the gap model finds it, and a later run fills it. Returns how many minutes stay open.
 * Of a symbol that REST does not know, the archive alone can say that minutes are absent, and only where it was `read`.
 */
export async function fillHoles(
  context: LoadContext,
  symbol: string,
  holes: readonly Span[],
  archive: 'read' | 'unread',
): Promise<number> {
  const { landing, listings, now, report, signal } = context;
  if (holes.length === 0) return 0;
  const listing = await listings(symbol, signal);
  if (listing.kind === 'unknown') {
    if (archive === 'unread') return holes.reduce((sum, hole) => sum + minutesOf(hole), 0);
    await landing.recordAbsent(symbol, holes, 'archive', now());
    for (const hole of holes) report.addAbsent(minutesOf(hole));
    return 0;
  }
  let openMinutes = 0;
  for (const hole of holes) {
    for (const piece of restPieces(symbol, hole)) {
      const outcome = await loadRange(context, piece, 'record-absent');
      if (outcome.kind !== 'missing') report.add(nameOf(piece), outcome);
      if (outcome.kind === 'refused' || outcome.kind === 'failed') openMinutes += minutesOf(piece);
    }
  }
  return openMinutes;
}

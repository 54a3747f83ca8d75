import type { LoadContext } from './load-context.ts';
import { loadFile } from './load-file.ts';
import { loadRange } from './load-range.ts';
import { dailyPieces, minutesOf, restPieces } from './piece.ts';
import type { ArchivePiece, Piece } from './piece.ts';
import type { Outcome } from './report.ts';
import { overlap } from './spans.ts';

/** Loads what the manifest lacks of a piece, falling back from a month to its days and from a day to REST, and reports it. */
export async function loadPiece(context: LoadContext, piece: Piece): Promise<void> {
  const { manifest, report } = context;
  const outstanding = manifest.outstanding(piece);
  if (outstanding.length === 0) return report.settle(piece, { kind: 'skipped' });
  report.skipMinutes(minutesOf(piece) - outstanding.reduce((sum, part) => sum + minutesOf(part), 0));
  for (const part of outstanding) {
    if (part.kind === 'archive') await loadArchivePiece(context, part);
    else report.settle(part, await loadRange(context, part, 'leave-open'));
  }
}

async function loadArchivePiece(context: LoadContext, piece: ArchivePiece): Promise<void> {
  const { listings, report, signal } = context;
  const result = await loadFile(context, piece);
  switch (result.kind) {
    case 'loaded':
    case 'refused':
      return report.settle(piece, result);
    case 'unavailable':
      return report.settle(piece, { kind: 'failed', reason: result.reason });
    case 'absent':
      break;
  }
  if (piece.granularity === 'monthly') {
    for (const day of dailyPieces(piece)) await loadPiece(context, day);
    return;
  }
  const listing = await listings(piece.symbol, signal);
  const span =
    listing.kind === 'listed'
      ? overlap(piece, { firstMs: listing.firstMs, lastMs: piece.lastMs })
      : undefined;
  if (!span) return report.settle(piece, whyNothing(listing));
  report.skipMinutes(minutesOf(piece) - minutesOf(span));
  for (const part of restPieces(piece.symbol, span)) await loadPiece(context, part);
}

function whyNothing(listing: Awaited<ReturnType<LoadContext['listings']>>): Outcome {
  switch (listing.kind) {
    case 'unavailable':
      return { kind: 'failed', reason: `not in the archive, and REST can't be asked: ${listing.reason}` };
    case 'unknown':
      return { kind: 'missing', reason: `not in the archive, and REST says: ${listing.reason}` };
    case 'empty':
    case 'listed':
      return { kind: 'missing', reason: 'before the listing' };
  }
}

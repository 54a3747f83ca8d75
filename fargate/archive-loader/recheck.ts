import { inParallel } from './in-parallel.ts';
import type { LoadContext } from './load-context.ts';
import { loadFile } from './load-file.ts';
import type { LoadedFile } from './manifest.ts';
import { dailyPiece, minutesOf, monthlyPiece, nameOf } from './piece.ts';
import type { ArchivePiece } from './piece.ts';
import type { Progress } from './progress.ts';
import { chosenOn } from './recheck-choice.ts';

export interface RecheckOptions {
  readonly files: readonly LoadedFile[];
  /** Every file, or those whose turn it is. */
  readonly which: 'all' | 'due';
  readonly atOnce: number;
  /** The exchange's clock. */
  readonly exchangeNowMs: number;
}

export interface Rechecking {
  /** Files whose CHECKSUM was asked for. */
  readonly recheckedFiles: number;
  /** Files of the archive that were ever loaded. */
  readonly knownFiles: number;
}

/** Compares the CHECKSUMs of loaded files with what they were then, and loads those that were rewritten. */
export async function recheckFiles(
  context: LoadContext,
  progress: Progress,
  { files, which, atOnce, exchangeNowMs }: RecheckOptions,
): Promise<Rechecking> {
  const known = files.flatMap((file) => {
    const piece = pieceOf(file);
    return piece ? [{ ...file, piece }] : [];
  });
  const chosen = which === 'all' ? known : chosenOn(known, exchangeNowMs);
  progress.expect(chosen.reduce((sum, { piece }) => sum + minutesOf(piece), 0));
  await inParallel(chosen, atOnce, async ({ piece, sha256 }) => {
    context.signal.throwIfAborted();
    await recheck(context, piece, sha256);
  });
  return { recheckedFiles: chosen.length, knownFiles: known.length };
}

function pieceOf({ granularity, symbol, firstMs }: LoadedFile): ArchivePiece | undefined {
  switch (granularity) {
    case 'monthly':
      return monthlyPiece(symbol, firstMs);
    case 'daily':
      return dailyPiece(symbol, firstMs);
    case 'rest':
      return undefined;
  }
}

async function recheck(context: LoadContext, piece: ArchivePiece, loadedSha256: string): Promise<void> {
  const { archive, report, signal } = context;
  const checksum = await archive.checksum(piece, signal);
  if (checksum.kind === 'ok' && checksum.sha256 === loadedSha256) {
    return report.settle(piece, { kind: 'skipped' });
  }
  const result = checksum.kind === 'ok' ? await loadFile(context, piece) : checksum;
  switch (result.kind) {
    case 'loaded':
      report.say(`rewritten ${nameOf(piece)}: loaded again`);
      return report.settle(piece, result);
    case 'refused':
      return report.settle(piece, result);
    case 'unavailable':
      return report.settle(piece, { kind: 'failed', reason: result.reason });
    case 'absent':
      return report.settle(piece, {
        kind: 'missing',
        reason: 'no longer in the archive; what was loaded stays',
      });
  }
}

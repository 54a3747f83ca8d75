import { MINUTE_MS } from '#domain/candle.ts';
import { fillHoles } from './fill-holes.ts';
import { inParallel } from './in-parallel.ts';
import type { LoadContext } from './load-context.ts';
import { loadFile } from './load-file.ts';
import { dailyPiece, minutesOf, nameOf, restPieces } from './piece.ts';
import type { ArchivePiece, Span } from './piece.ts';
import { isOver, lastSettledMs } from './plan.ts';
import type { Progress } from './progress.ts';
import type { Gap } from './queries.ts';
import { overlap } from './spans.ts';

export interface HealOptions {
  readonly gaps: readonly Gap[];
  /** What is above waits for the next run. */
  readonly mostMinutes: number;
  readonly atOnce: number;
  /** The exchange's clock. */
  readonly exchangeNowMs: number;
}

export interface Healing {
  /** Minutes that were asked for. */
  readonly askedMinutes: number;
  /** Minutes of the gaps above the bound, or too young to ask for. */
  readonly leftMinutes: number;
}

/** Fills gaps: from the day's archive where there is one that is not loaded yet, else from REST. */
export async function healGaps(
  context: LoadContext,
  progress: Progress,
  { gaps, mostMinutes, atOnce, exchangeNowMs }: HealOptions,
): Promise<Healing> {
  const days = gapsByDay(gaps, mostMinutes, exchangeNowMs);
  const askedMinutes = days.flatMap(({ spans }) => spans).reduce((sum, span) => sum + minutesOf(span), 0);
  progress.expect(askedMinutes);
  await inParallel(days, atOnce, async (day) => {
    context.signal.throwIfAborted();
    await healDay(context, day, exchangeNowMs);
    progress.advance(day.spans.reduce((sum, span) => sum + minutesOf(span), 0));
  });
  const allMinutes = gaps.reduce((sum, gap) => sum + minutesOf(gap), 0);
  return { askedMinutes, leftMinutes: allMinutes - askedMinutes };
}

interface GapDay {
  readonly file: ArchivePiece;
  readonly spans: readonly Span[];
}

/** The settled minutes of the gaps, up to that many, by symbol and day. */
function gapsByDay(gaps: readonly Gap[], mostMinutes: number, exchangeNowMs: number): readonly GapDay[] {
  const days = new Map<string, { readonly file: ArchivePiece; readonly spans: Span[] }>();
  let left = mostMinutes;
  const settled = { firstMs: 0, lastMs: lastSettledMs(exchangeNowMs) };
  for (const gap of gaps) {
    const span = overlap(gap, settled);
    for (const piece of span ? restPieces(gap.symbol, span) : []) {
      if (left === 0) break;
      const lastMs = Math.min(piece.lastMs, piece.firstMs + (left - 1) * MINUTE_MS);
      const part = { firstMs: piece.firstMs, lastMs };
      left -= minutesOf(part);
      const file = dailyPiece(gap.symbol, piece.firstMs);
      const day = days.get(file.fileName) ?? { file, spans: [] };
      day.spans.push(part);
      days.set(file.fileName, day);
    }
  }
  return [...days.values()];
}

async function healDay(context: LoadContext, { file, spans }: GapDay, exchangeNowMs: number): Promise<void> {
  const { manifest, report } = context;
  const { symbol } = file;
  const isOutstanding = isOver(file, exchangeNowMs) && manifest.outstanding(file).length > 0;
  const result = isOutstanding ? await loadFile(context, file) : undefined;
  switch (result?.kind) {
    case 'loaded':
      // What the file itself lacked was asked of REST while it was loaded.
      return report.add(nameOf(file), result);
    case undefined:
    case 'absent':
      await fillHoles(context, symbol, spans, 'read');
      return;
    case 'refused':
    case 'unavailable': {
      const openMinutes = await fillHoles(context, symbol, spans, 'unread');
      const { reason } = result;
      if (openMinutes === 0)
        return report.warn(nameOf(file), `${result.kind}, and REST filled in: ${reason}`);
      return report.add(nameOf(file), { kind: result.kind === 'refused' ? 'refused' : 'failed', reason });
    }
  }
}

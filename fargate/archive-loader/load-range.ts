import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Candle } from '#domain/candle.ts';
import type { LoadContext } from './load-context.ts';
import { minutesOf, nameOf } from './piece.ts';
import type { RestPiece } from './piece.ts';
import type { Outcome } from './report.ts';
import { holesIn } from './spans.ts';

/**
 * Lands what REST has of a range that is over. Minutes that it has not are recorded as absent where it has others beside
 * them, or where `empty` says so: a whole day of nothing is mostly a symbol that was gone by then.
 */
export async function loadRange(
  context: LoadContext,
  piece: RestPiece,
  empty: 'record-absent' | 'leave-open',
): Promise<Exclude<Outcome, { kind: 'skipped' }>> {
  const { landing, manifest, now, report, rest, scratch, signal, writer } = context;
  const { symbol, firstMs, lastMs } = piece;
  const answer = await rest.candles(symbol, piece, signal);
  if (answer.kind === 'unavailable') return { kind: 'failed', reason: answer.reason };
  if (answer.kind === 'refused') {
    const listing = await context.listings(symbol, signal);
    return listing.kind === 'unknown' ? { kind: 'missing', reason: listing.reason } : answer;
  }
  const candles = answer.value;
  const holes = holesIn(
    piece,
    candles.map(({ openTime }) => Date.parse(openTime)),
  );
  if (candles.length === 0 && empty === 'leave-open') return NOTHING;
  return scratch.withFiles(async (files) => {
    const csv = candles.map(csvLine).join('');
    const sha256 = createHash('sha256').update(csv).digest('hex');
    const loadedAtMs = now();
    const fileName = nameOf(piece);
    if (candles.length > 0) {
      await writeFile(files.csv, csv);
      const from = { symbol, source: 'rest', sourceFile: fileName, sha256, loadedAtMs } as const;
      const converted = await writer.convert(files.csv, piece, from, files.parquet);
      if (converted.kind === 'refused') return converted;
      await landing.copy('CANDLES_ARCHIVE', files.parquet, converted.rows);
    }
    await landing.recordAbsent(symbol, holes, 'rest', loadedAtMs);
    for (const hole of holes) report.addAbsent(minutesOf(hole));
    if (candles.length === 0) return NOTHING;
    const file = { fileName, symbol, granularity: 'rest', sha256, firstMs, lastMs } as const;
    await landing.recordFile(file, candles.length, loadedAtMs);
    manifest.add(file);
    return { kind: 'loaded', rows: candles.length };
  });
}

const NOTHING = { kind: 'missing', reason: 'the exchange has no candle of that time' } as const;

/** In the archive's own form, so that one conversion serves both. */
function csvLine(candle: Candle): string {
  const { open, high, low, close, baseVolume, quoteVolume, trades, takerBuyBaseVolume, takerBuyQuoteVolume } =
    candle;
  const [openMs, closeMs] = [Date.parse(candle.openTime), Date.parse(candle.closeTime)];
  const prices = [open, high, low, close, baseVolume];
  return `${[openMs, ...prices, closeMs, quoteVolume, trades, takerBuyBaseVolume, takerBuyQuoteVolume, 0].join(',')}\n`;
}

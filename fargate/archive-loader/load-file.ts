import { fillHoles } from './fill-holes.ts';
import type { LoadContext } from './load-context.ts';
import { refused } from './outcome.ts';
import type { Absent, Refused, Unavailable } from './outcome.ts';
import type { Converted } from './parquet-writer.ts';
import type { ArchivePiece, Span } from './piece.ts';
import type { PieceFiles } from './scratch.ts';
import { holesIn } from './spans.ts';
import { unzipCsv } from './unzip-csv.ts';

export type FileResult = { readonly kind: 'loaded'; readonly rows: number } | Absent | Refused | Unavailable;

/**
 * Fetches a file, verifies it whole, and only then lands it; asks REST for the minutes that it lacks. The manifest comes
 * last, so that a file is in it only with all that belongs to it.
 */
export async function loadFile(context: LoadContext, piece: ArchivePiece): Promise<FileResult> {
  const { landing, manifest, now, scratch } = context;
  return scratch.withFiles(async (files) => {
    const zip = await fetchVerified(context, piece, files);
    if (zip.kind !== 'ok') return zip;
    const unzipped = await unzipCsv(files.zip, piece.fileName.replace(/\.zip$/, '.csv'), files.csv);
    if (unzipped.kind === 'refused') return unzipped;
    const { symbol, fileName, granularity } = piece;
    const { sha256 } = zip;
    const loadedAtMs = now();
    const from = { symbol, source: 'archive', sourceFile: fileName, sha256, loadedAtMs } as const;
    const converted = await context.writer.convert(files.csv, piece, from, files.parquet);
    if (converted.kind === 'refused') return converted;
    const span = await spanOf(context, piece, converted);
    await landing.copy('CANDLES_ARCHIVE', files.parquet, converted.rows);
    await fillHoles(context, symbol, holesIn(span, converted.openTimes), 'read');
    const file = { fileName, symbol, granularity, sha256, ...span };
    await landing.recordFile(file, converted.rows, loadedAtMs);
    manifest.add(file);
    return { kind: 'loaded', rows: converted.rows };
  });
}

/** A rewrite may come between the CHECKSUM and the zip: then both are fetched once more. */
const FETCHES = 2;

async function fetchVerified({ archive, signal }: LoadContext, piece: ArchivePiece, { zip }: PieceFiles) {
  for (let fetched = 1; ; fetched++) {
    const expected = await archive.checksum(piece, signal);
    if (expected.kind !== 'ok') return expected;
    const got = await archive.download(piece, zip, signal);
    if (got.kind !== 'ok' || got.sha256 === expected.sha256) return got;
    if (fetched === FETCHES) return refused(`expected the SHA-256 ${expected.sha256}, got ${got.sha256}`);
  }
}

/** Of which minutes the file answers for: none before the listing, and where REST knows nothing, those that it has. */
async function spanOf(
  { listings, signal }: LoadContext,
  { symbol, firstMs, lastMs }: ArchivePiece,
  { openTimes }: Converted,
): Promise<Span> {
  const [firstRowMs = firstMs, lastRowMs = lastMs] = [openTimes[0], openTimes.at(-1)];
  const listing = await listings(symbol, signal);
  return listing.kind === 'listed'
    ? { firstMs: Math.min(firstRowMs, Math.max(firstMs, listing.firstMs)), lastMs }
    : { firstMs: firstRowMs, lastMs: lastRowMs };
}

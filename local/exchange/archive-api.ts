import type { IncomingMessage, ServerResponse } from 'node:http';
import { MINUTE_MS } from '#domain/candle.ts';
import { archiveLines, readArchivePath } from './archive-file.ts';
import type { ArchiveFile } from './archive-file.ts';
import { archiveZip } from './archive-zip.ts';
import type { ArchiveZip } from './archive-zip.ts';
import type { Clock } from './clock.ts';
import type { FaultBook } from './fault-book.ts';
import type { Ledger } from './ledger.ts';
import { tradesIn } from './listings.ts';
import type { Listings } from './listings.ts';
import { misbehave } from './rest-api.ts';
import type { Stats } from './stats.ts';

interface ArchiveContext {
  readonly clock: Clock;
  readonly listings: Listings;
  readonly ledger: Ledger;
  readonly faults: FaultBook;
  readonly stats: Stats;
}

/**
 * Everything below `/data/`, as data.binance.vision has it: zips of whole days and months, and their CHECKSUMs. A file
 * is there once its last minute is over.
 */
export function serveArchive(
  context: ArchiveContext,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const { clock, faults, stats } = context;
  const kept = new Map<string, Promise<ArchiveZip | undefined>>();
  const zipOf = async (file: ArchiveFile): Promise<ArchiveZip | undefined> => {
    const holes = faults.active().filter(({ fault }) => fault.kind === 'hole');
    const state = faults.archiveState(file.symbol, `${file.name}.zip`);
    const key = `${file.name} ${state} ${holes.map(({ id }) => id).join()}`;
    const made = kept.get(key) ?? makeZip(file, context);
    kept.delete(key);
    kept.set(key, made);
    const [oldest] = kept.keys();
    if (kept.size > ZIPS_KEPT && oldest !== undefined) kept.delete(oldest);
    return made;
  };

  return async (request, response, url) => {
    stats.archiveRequests += 1;
    const fault = faults.strikeRest(url.pathname);
    if (fault) return misbehave(request, response, fault);
    const path = decoded(url.pathname);
    const file = readArchivePath(path.replace(/\.CHECKSUM$/, ''));
    const isOver = file !== undefined && clock.now() >= (file.lastMinute + 1) * MINUTE_MS;
    const zip = isOver ? await zipOf(file) : undefined;
    if (!zip) {
      response.writeHead(404, { 'Content-Type': 'application/xml' }).end(NO_SUCH_KEY);
    } else if (path.endsWith('.CHECKSUM')) {
      response.writeHead(200, { 'Content-Type': 'binary/octet-stream' }).end(zip.checksum);
    } else {
      response
        .writeHead(200, { 'Content-Type': 'application/zip', 'Content-Length': zip.bytes.length })
        .end(zip.bytes);
    }
  };
}

/** A file's CHECKSUM is asked for beside it, and a few files at once: months are some MB each. */
const ZIPS_KEPT = 8;

const NO_SUCH_KEY =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>';

/** Undefined where the exchange has nothing of that symbol in that time. */
async function makeZip(
  file: ArchiveFile,
  { listings, ledger, faults }: ArchiveContext,
): Promise<ArchiveZip | undefined> {
  const { symbol, name, firstMinute, lastMinute } = file;
  const listing = listings.get(symbol);
  const state = faults.archiveState(symbol, `${name}.zip`);
  const isListed = listing?.periods.some(({ from, to }) => from <= lastMinute && to >= firstMinute) ?? false;
  if (!listing || !isListed || state === 'absent') return undefined;
  const candles = (minute: number) =>
    !tradesIn(listing, minute) ||
    ledger.isMissing(symbol, minute) ||
    faults.isHole(symbol, minute * MINUTE_MS, 'archive')
      ? undefined
      : listing.market.candle(minute);
  return archiveZip(file, archiveLines(file, candles, state), state);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no file has such a name
  }
}

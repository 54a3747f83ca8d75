import type { ArchiveClient } from './archive-client.ts';
import type { ExchangeRest } from './exchange-rest.ts';
import type { Landing } from './landing.ts';
import type { Listings } from './listings.ts';
import type { Manifest } from './manifest.ts';
import type { ParquetWriter } from './parquet-writer.ts';
import type { Report } from './report.ts';
import type { Scratch } from './scratch.ts';

/** What loading works with. */
export interface LoadContext {
  readonly archive: ArchiveClient;
  readonly rest: ExchangeRest;
  readonly listings: Listings;
  readonly writer: ParquetWriter;
  readonly landing: Landing;
  readonly manifest: Manifest;
  readonly report: Report;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
  /** The local clock, for when things were loaded. */
  readonly now: () => number;
}

import { randomUUID } from 'node:crypto';
import { connectWarehouse } from '#snowflake/connection.ts';
import type { Warehouse } from '#snowflake/connection.ts';
import { createArchiveClient } from './archive-client.ts';
import type { LoaderConfig } from './env.ts';
import { createExchangeRest } from './exchange-rest.ts';
import type { ExchangeRest } from './exchange-rest.ts';
import type { Healing } from './heal.ts';
import { openLanding } from './landing.ts';
import { openListings } from './listings.ts';
import type { LoadContext } from './load-context.ts';
import { Manifest } from './manifest.ts';
import { PlainError } from './outcome.ts';
import { openParquetWriter } from './parquet-writer.ts';
import type { Progress } from './progress.ts';
import { loadedFiles } from './queries.ts';
import type { Rechecking } from './recheck.ts';
import { Report } from './report.ts';
import type { Summary } from './report.ts';
import { createRestGet } from './rest-get.ts';
import { openScratch } from './scratch.ts';

export type Command = (
  context: LoadContext,
  warehouse: Warehouse,
  progress: Progress,
) => Promise<Healing | Rechecking | void>;

/** Opens everything that commands work with, runs one, and closes it. */
export async function runCommand(
  command: Command,
  config: LoaderConfig,
  progress: Progress,
  signal: AbortSignal,
): Promise<Summary & { readonly stopped: boolean } & Partial<Healing & Rechecking>> {
  await using warehouse = await connect(config);
  await using scratch = await openScratch();
  using writer = await openParquetWriter(scratch.folder);
  const rest = createExchangeRest(createRestGet(config.restUrls));
  const report = new Report(progress);
  const context: LoadContext = {
    archive: createArchiveClient(config.archiveUrl),
    rest,
    listings: openListings(rest),
    writer,
    landing: openLanding(warehouse, randomUUID()),
    manifest: new Manifest(await loadedFiles(warehouse)),
    report,
    scratch,
    signal,
    now: Date.now,
  };
  try {
    const counts = await command(context, warehouse, progress);
    return { ...report.summary, ...counts, stopped: false };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { ...report.summary, stopped: true };
  }
}

async function connect({ warehouse }: LoaderConfig): Promise<Warehouse> {
  try {
    return await connectWarehouse(warehouse);
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The exchange's clock; the local one, said so, where REST can't be asked: then only the archive is of use. */
export async function exchangeNow({
  rest,
  signal,
  report,
}: {
  readonly rest: ExchangeRest;
  readonly signal: AbortSignal;
  readonly report: Report;
}): Promise<number> {
  const answer = await rest.now(signal);
  if (answer.kind === 'ok') return answer.value;
  report.say(`the exchange's REST API can't be asked for its time, taking the local clock: ${answer.reason}`);
  return Date.now();
}

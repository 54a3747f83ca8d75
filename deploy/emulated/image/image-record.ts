import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const imageRecordSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('built'),
    file: z.string(),
    engine: z.string(),
    base: z.string(),
    id: z.string(),
    seconds: z.number(),
    /** What of it was run, and how that ended. */
    ran: z.array(z.string()),
  }),
  z.object({ kind: z.literal('not built'), file: z.string(), reason: z.string() }),
]);
/** What came of a build. */
export type ImageRecord = z.infer<typeof imageRecordSchema>;

export function recordImage(folder: string, tag: string, record: ImageRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(recordFile(folder, tag), JSON.stringify(record));
}

/** Undefined if nobody tried to build it. */
export function findImage(folder: string, tag: string): ImageRecord | undefined {
  const file = recordFile(folder, tag);
  return existsSync(file) ? imageRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** What the CDK calls an image here, before it has its registry's name, from the hash of what it is built of. */
export function assetName(hash: string): string {
  return `cdkasset-${hash}`;
}

/** Before it is made, so that it can be removed again where an engine keeps it elsewhere. */
export function noteTag(folder: string, tag: string): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, 'tags'), `${tag}\n`);
}

export function notedTags(folder: string): readonly string[] {
  const file = join(folder, 'tags');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function recordFile(folder: string, tag: string): string {
  return join(folder, `${encodeURIComponent(tag)}.json`);
}

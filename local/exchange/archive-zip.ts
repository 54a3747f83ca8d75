import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ArchiveFile, ArchiveState } from './archive-file.ts';

export interface ArchiveZip {
  readonly bytes: Buffer;
  /** In the form that `sha256sum --check` takes. */
  readonly checksum: string;
}

/** The same lines give the same bytes; made as the lines come, so that other work is not held up. */
export async function archiveZip(
  { name }: ArchiveFile,
  lines: Iterable<string>,
  state: ArchiveState | undefined,
): Promise<ArchiveZip> {
  const zip = new ZipFile();
  // A zip holds local time: this one reads the same in every zone.
  zip.addReadStream(Readable.from(lines), `${name}.csv`, {
    mtime: new Date(1980, 0, 1),
    forceDosTimestamp: true,
    mode: 0o100644,
  });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  const whole = Buffer.concat(chunks);
  const bytes = state === 'truncated' ? whole.subarray(0, whole.length / 2) : whole;
  const sha256 = createHash('sha256')
    .update(bytes)
    .update(state === 'wrong-checksum' ? 'other bytes' : '')
    .digest('hex');
  return { bytes, checksum: `${sha256}  ${name}.zip\n` };
}

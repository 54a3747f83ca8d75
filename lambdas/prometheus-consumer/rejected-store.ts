import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RejectedTarget } from './env.ts';
import { rejectionPath } from './rejection.ts';
import type { Rejection } from './rejection.ts';

type KeepAside = (rejection: Rejection) => Promise<void>;

/** Where documents go that no store took: S3 on AWS, a folder on one machine. */
export async function createRejectedStore(target: RejectedTarget): Promise<KeepAside> {
  return target.kind === 'bucket' ? createBucketStore(target.bucket) : createFolderStore(target.folder);
}

function createFolderStore(folder: string): KeepAside {
  return async (rejection) => {
    const path = join(folder, rejectionPath(rejection));
    await mkdir(dirname(path), { recursive: true });
    // Renamed into place, so that a reader or a crash never sees half a document.
    const unfinished = `${path}.${process.pid}.${crypto.randomUUID()}.tmp`;
    await writeFile(unfinished, toDocument(rejection));
    await rename(unfinished, path);
  };
}

async function createBucketStore(bucket: string): Promise<KeepAside> {
  // Loaded only where it is used: it is most of the function's start-up time.
  const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client();
  return async (rejection) => {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: rejectionPath(rejection),
        Body: toDocument(rejection),
        ContentType: 'application/json',
      }),
      { abortSignal: AbortSignal.timeout(WRITE_TIMEOUT_MS) },
    );
  };
}

/** The client's own retries included; the handler leaves more than this before its time is up. */
const WRITE_TIMEOUT_MS = 3_500;

function toDocument(rejection: Rejection): string {
  const { partitionId: _, ...document } = rejection;
  return `${JSON.stringify(document, null, 1)}\n`;
}

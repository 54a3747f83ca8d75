import { createLimiter } from '#remote-write/limiter.ts';
import type { ConsumerPorts } from './ports.ts';
import type { Rejection } from './rejection.ts';

export interface KeptAside {
  readonly kept: number;
  /** Positions of what is not kept; they have to be delivered again. */
  readonly failed: readonly { readonly partitionId: string; readonly offset: number }[];
  /** The first failure's text. */
  readonly error: string | undefined;
}

/** Keeps every document, or says which it could not; starts none after `deadlineMs`. */
export async function keepAllAside(
  rejections: readonly Rejection[],
  deadlineMs: number,
  ports: Pick<ConsumerPorts, 'keepAside' | 'now'>,
): Promise<KeptAside> {
  const limit = createLimiter(MAX_WRITES_AT_ONCE);
  const failed: KeptAside['failed'][number][] = [];
  let error: string | undefined;
  await Promise.all(
    rejections.map((rejection) =>
      limit(async () => {
        try {
          if (ports.now() >= deadlineMs) throw new Error('no time left to keep it aside');
          await ports.keepAside(rejection);
        } catch (thrown) {
          failed.push({ partitionId: rejection.partitionId, offset: rejection.offset });
          error ??= thrown instanceof Error ? thrown.message : String(thrown);
        }
      }),
    ),
  );
  return { kept: rejections.length - failed.length, failed, error };
}

/** Far below S3's 3,500 writes a second and a function's file descriptors. */
const MAX_WRITES_AT_ONCE = 16;

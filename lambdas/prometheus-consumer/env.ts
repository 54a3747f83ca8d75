import * as z from 'zod';
import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import { readRemoteWrite, remoteWriteVariables } from '#remote-write/env.ts';
import type { RemoteWriteConfig } from '#remote-write/env.ts';

export type RejectedTarget =
  | { readonly kind: 'bucket'; readonly bucket: string }
  | { readonly kind: 'folder'; readonly folder: string };

export interface ConsumerConfig extends RemoteWriteConfig {
  readonly rejected: RejectedTarget;
}

/** The variables this function reads, as the deployment has to set them. */
export type ConsumerEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    ...readRemoteWrite(vars),
    rejected: rejectedTarget(vars.REJECTED_BUCKET, vars.REJECTED_FOLDER),
  };
}

const environmentSchema = z.object({
  ...remoteWriteVariables,
  /** S3 bucket for what could not be stored; exactly one of this and the folder. */
  REJECTED_BUCKET: z.string().optional(),
  REJECTED_FOLDER: z.string().optional(),
});

function rejectedTarget(bucket: string | undefined, folder: string | undefined): RejectedTarget {
  if (bucket !== undefined && folder !== undefined) {
    throw new EnvironmentError(
      'REJECTED_BUCKET: expected exactly one of REJECTED_BUCKET and REJECTED_FOLDER, got both',
    );
  }
  if (bucket !== undefined) return { kind: 'bucket', bucket };
  if (folder !== undefined) return { kind: 'folder', folder };
  throw new EnvironmentError(
    'REJECTED_BUCKET: expected exactly one of REJECTED_BUCKET and REJECTED_FOLDER, got neither',
  );
}

import * as z from 'zod';
import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import { readRemoteWrite, remoteWriteVariables } from '#remote-write/env.ts';
import type { RemoteWriteConfig } from '#remote-write/env.ts';

export type RejectedTarget =
  | { readonly kind: 'bucket'; readonly bucket: string }
  | { readonly kind: 'folder'; readonly folder: string };

/**
 * How records are handed back. An event source without pollers of its own does not read the answer: only an error makes
 * it deliver a batch again, and then the whole of it.
 */
type HandBackBy = 'answer' | 'error';

export interface ConsumerConfig extends RemoteWriteConfig {
  readonly rejected: RejectedTarget;
  readonly handBackBy: HandBackBy;
  /** Of CloudWatch; two deployments in one account have two. */
  readonly metricsNamespace: string;
}

/** The variables this function reads, as the deployment has to set them. */
export type ConsumerEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    ...readRemoteWrite(vars),
    rejected: rejectedTarget(vars.REJECTED_BUCKET, vars.REJECTED_FOLDER),
    handBackBy: vars.HAND_BACK_BY,
    metricsNamespace: vars.METRICS_NAMESPACE,
  };
}

const environmentSchema = z.object({
  ...remoteWriteVariables,
  /** S3 bucket for what could not be stored; exactly one of this and the folder. */
  REJECTED_BUCKET: z.string().optional(),
  REJECTED_FOLDER: z.string().optional(),
  HAND_BACK_BY: z.enum(['answer', 'error'], { error: 'expected answer or error' }).default('answer'),
  METRICS_NAMESPACE: z.string().default('crypto-market'),
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

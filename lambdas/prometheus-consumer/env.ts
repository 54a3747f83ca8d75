import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import * as z from 'zod';

export type RejectedTarget =
  | { readonly kind: 'bucket'; readonly bucket: string }
  | { readonly kind: 'folder'; readonly folder: string };

export type RemoteWriteAuth = { readonly kind: 'none' } | { readonly kind: 'sigv4'; readonly region: string };

export interface ConsumerConfig {
  readonly remoteWriteUrl: URL;
  readonly auth: RemoteWriteAuth;
  readonly rejected: RejectedTarget;
}

/** The variables this function reads, as the deployment has to set them. */
export type ConsumerEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    remoteWriteUrl: new URL(vars.REMOTE_WRITE_URL),
    auth: remoteWriteAuth(vars.REMOTE_WRITE_AUTH, vars.AWS_REGION),
    rejected: rejectedTarget(vars.REJECTED_BUCKET, vars.REJECTED_FOLDER),
  };
}

const environmentSchema = z.object({
  REMOTE_WRITE_URL: z
    .string('expected the http or https URL of a remote-write receiver')
    .refine(isHttpUrl, { error: 'expected the http or https URL of a remote-write receiver' }),
  REMOTE_WRITE_AUTH: z.enum(['none', 'sigv4'], { error: 'expected none or sigv4' }),
  /** Set by Lambda itself. */
  AWS_REGION: z.string().optional(),
  /** S3 bucket for what could not be stored; exactly one of this and the folder. */
  REJECTED_BUCKET: z.string().optional(),
  REJECTED_FOLDER: z.string().optional(),
});

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}

function remoteWriteAuth(auth: 'none' | 'sigv4', region: string | undefined): RemoteWriteAuth {
  if (auth === 'none') return { kind: 'none' };
  if (region === undefined) {
    throw new EnvironmentError(
      'AWS_REGION: expected the region of the workspace, as REMOTE_WRITE_AUTH is sigv4, got nothing',
    );
  }
  return { kind: 'sigv4', region };
}

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

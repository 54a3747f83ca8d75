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

/** Throws for a bad or missing variable; the message names each one, what was expected and what was got. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  // An empty value is what a shell or a function's configuration leaves behind for "not set".
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues
        .map((issue) => {
          const name = String(issue.path[0]);
          return `${name}: ${issue.message}, got ${present[name] === undefined ? 'nothing' : JSON.stringify(present[name])}`;
        })
        .join('\n'),
    );
  }
  const vars = parsed.data;
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
    throw new Error(
      'AWS_REGION: expected the region of the workspace, as REMOTE_WRITE_AUTH is sigv4, got nothing',
    );
  }
  return { kind: 'sigv4', region };
}

function rejectedTarget(bucket: string | undefined, folder: string | undefined): RejectedTarget {
  if (bucket !== undefined && folder !== undefined) {
    throw new Error('REJECTED_BUCKET: expected exactly one of REJECTED_BUCKET and REJECTED_FOLDER, got both');
  }
  if (bucket !== undefined) return { kind: 'bucket', bucket };
  if (folder !== undefined) return { kind: 'folder', folder };
  throw new Error(
    'REJECTED_BUCKET: expected exactly one of REJECTED_BUCKET and REJECTED_FOLDER, got neither',
  );
}

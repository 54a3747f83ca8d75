import * as z from 'zod';
import { EnvironmentError } from '#domain/environment.ts';

export type RemoteWriteAuth = { readonly kind: 'none' } | { readonly kind: 'sigv4'; readonly region: string };

export interface RemoteWriteConfig {
  readonly remoteWriteUrl: URL;
  readonly auth: RemoteWriteAuth;
}

/** The variables of every program that writes to Prometheus, for its own `env.ts` to spread. */
export const remoteWriteVariables = {
  REMOTE_WRITE_URL: z
    .string('expected the http or https URL of a remote-write receiver')
    .refine(isHttpUrl, { error: 'expected the http or https URL of a remote-write receiver' }),
  REMOTE_WRITE_AUTH: z.enum(['none', 'sigv4'], { error: 'expected none or sigv4' }),
  /** Set by Lambda itself, and by the deployment in a container. */
  AWS_REGION: z.string().optional(),
};

/** Throws an EnvironmentError when signing is asked for without a region. */
export function readRemoteWrite(vars: {
  readonly REMOTE_WRITE_URL: string;
  readonly REMOTE_WRITE_AUTH: 'none' | 'sigv4';
  readonly AWS_REGION?: string | undefined;
}): RemoteWriteConfig {
  const remoteWriteUrl = new URL(vars.REMOTE_WRITE_URL);
  if (vars.REMOTE_WRITE_AUTH === 'none') return { remoteWriteUrl, auth: { kind: 'none' } };
  if (vars.AWS_REGION === undefined) {
    throw new EnvironmentError(
      'AWS_REGION: expected the region of the workspace, as REMOTE_WRITE_AUTH is sigv4, got nothing',
    );
  }
  return { remoteWriteUrl, auth: { kind: 'sigv4', region: vars.AWS_REGION } };
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}

import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';

export interface KeyAgeConfig {
  /** ARNs or names of the secrets whose age is told. */
  readonly secretIds: readonly string[];
  /** What an identity provider says of itself, with the certificate that it signs by; undefined where there is none. */
  readonly samlMetadataUrl: URL | undefined;
  /** Of CloudWatch; two deployments in one account have two. */
  readonly metricsNamespace: string;
}

/** The variables this function reads, as the deployment has to set them. */
export type KeyAgeEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): KeyAgeConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    secretIds: vars.KEY_SECRET_ARNS,
    samlMetadataUrl: vars.SAML_METADATA_URL,
    metricsNamespace: vars.METRICS_NAMESPACE,
  };
}

const environmentSchema = z.object({
  /** Separated by commas; names will do. */
  KEY_SECRET_ARNS: z
    .string('expected ARNs of secrets, separated by commas')
    .transform((value) => value.split(',').map((id) => id.trim()))
    .pipe(z.array(z.string().min(1, 'expected ARNs of secrets, separated by commas'))),
  SAML_METADATA_URL: z
    .url({ protocol: /^https?$/, error: 'expected the http or https URL of SAML metadata' })
    .transform((url) => new URL(url))
    .optional(),
  METRICS_NAMESPACE: z.string('expected a namespace of CloudWatch'),
});

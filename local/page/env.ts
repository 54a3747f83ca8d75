import { parseVariables } from '#domain/environment.ts';
import * as z from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' });

const schema = z.object({
  /** Port on 127.0.0.1; 0 takes a free one. */
  PORT: z
    .string('expected a port number')
    .regex(/^\d{1,5}$/, 'expected a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'expected a port number up to 65535'),
  PROMETHEUS_URL: url,
  /** The exporter's METRICS_PORT as an address: its /readyz is asked. */
  EXPORTER_URL: url,
  /** Path of the supervisor's state file. */
  STATE_FILE: z.string('expected the path of the state file'),
});

export type PageEnv = z.infer<typeof schema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnv(env: Readonly<Record<string, string | undefined>>): PageEnv {
  return parseVariables(schema, env);
}

import * as z from 'zod';
import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import { readRemoteWrite, remoteWriteVariables } from '#remote-write/env.ts';
import type { RemoteWriteConfig } from '#remote-write/env.ts';

export type TaskSource =
  /** The agent of ECS, asked at start. */
  { readonly kind: 'ecs'; readonly metadataUrl: string } | { readonly kind: 'named'; readonly task: string };

export interface ForwarderConfig extends RemoteWriteConfig {
  readonly metricsUrl: string;
  readonly intervalMs: number;
  readonly job: string;
  readonly task: TaskSource;
}

/** The variables this process reads, as the deployment has to set them. */
export type ForwarderEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): ForwarderConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    ...readRemoteWrite(vars),
    metricsUrl: vars.METRICS_URL,
    intervalMs: vars.SCRAPE_INTERVAL_SECONDS * 1000,
    job: vars.JOB,
    task: taskSource(vars.TASK, vars.ECS_CONTAINER_METADATA_URI_V4),
  };
}

const environmentSchema = z.object({
  ...remoteWriteVariables,
  /** Containers of one task share their loopback. */
  METRICS_URL: z.url('expected the URL of a metrics page').default('http://127.0.0.1:9464/metrics'),
  SCRAPE_INTERVAL_SECONDS: z
    .string()
    .regex(/^\d{1,3}$/, 'expected seconds from 5 to 120')
    .transform(Number)
    // a query looks back five minutes, and an alert should not rest on two values
    .refine((seconds) => seconds >= 5 && seconds <= 120, { error: 'expected seconds from 5 to 120' })
    .default(30),
  JOB: z.string().default('ohlc-exporter'),
  TASK: z.string().optional(),
  /** Set by ECS itself. */
  ECS_CONTAINER_METADATA_URI_V4: z.url('expected the URL of the metadata of an ECS task').optional(),
});

function taskSource(task: string | undefined, metadataUrl: string | undefined): TaskSource {
  if (task !== undefined) return { kind: 'named', task };
  if (metadataUrl !== undefined) return { kind: 'ecs', metadataUrl };
  throw new EnvironmentError(
    'TASK: expected a name that no other process has, or ECS_CONTAINER_METADATA_URI_V4 as ECS sets it, got neither',
  );
}

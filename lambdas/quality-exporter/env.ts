import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { readRemoteWrite, remoteWriteVariables } from '#remote-write/env.ts';
import type { RemoteWriteConfig } from '#remote-write/env.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';

export interface QualityExporterConfig extends RemoteWriteConfig {
  readonly warehouse: WarehouseSettings;
  /** Of CloudWatch; two deployments in one account have two. */
  readonly metricsNamespace: string;
}

/** The variables this function reads, as the deployment has to set them. */
export type QualityExporterEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): QualityExporterConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    ...readRemoteWrite(vars),
    warehouse: warehouseSettings(vars),
    metricsNamespace: vars.METRICS_NAMESPACE,
  };
}

const environmentSchema = z.object({
  ...remoteWriteVariables,
  ...warehouseVariables,
  METRICS_NAMESPACE: z.string().default('crypto-market'),
});

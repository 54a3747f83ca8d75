import { EnvironmentError, parseVariables } from '#domain/environment.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
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
  ALERTMANAGER_URL: url,
  /** Path of the supervisor's state file. */
  STATE_FILE: z.string('expected the path of the state file'),
  /** Whether the warehouse half runs; with `on`, DBT_ARTIFACTS and the SNOWFLAKE_* variables have to be there. */
  WAREHOUSE: z.enum(['on', 'off'], { error: 'expected on or off' }),
  /** The folder in which the DAGs keep what dbt says of its runs. */
  DBT_ARTIFACTS: z.string().optional(),
});

export interface PageEnv extends Omit<z.infer<typeof schema>, 'WAREHOUSE' | 'DBT_ARTIFACTS'> {
  /** Undefined when this run goes without it. */
  readonly batch: { readonly warehouse: WarehouseSettings; readonly artifacts: string } | undefined;
}

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnv(env: Readonly<Record<string, string | undefined>>): PageEnv {
  const { WAREHOUSE, DBT_ARTIFACTS, ...vars } = parseVariables(schema, env);
  if (WAREHOUSE === 'off') return { ...vars, batch: undefined };
  if (DBT_ARTIFACTS === undefined) {
    throw new EnvironmentError(
      'DBT_ARTIFACTS: expected the folder of dbt artifacts, as WAREHOUSE is on, got nothing',
    );
  }
  const warehouse = warehouseSettings(parseVariables(z.object(warehouseVariables), env));
  return { ...vars, batch: { warehouse, artifacts: DBT_ARTIFACTS } };
}

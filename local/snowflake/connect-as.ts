import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import type { ConnectedWarehouse } from '#snowflake/connection.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import { warehouseEnvironment } from './environment.ts';
import type { WarehouseRole } from './environment.ts';

/** To the run's emulator; `await using` closes it. */
export function connectAs(
  options: Pick<RunOptions, 'folder' | 'portBase'>,
  role: WarehouseRole,
): Promise<ConnectedWarehouse> {
  const variables = parseVariables(z.object(warehouseVariables), warehouseEnvironment(options, role));
  return connectWarehouse(warehouseSettings(variables));
}

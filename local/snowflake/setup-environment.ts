import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { warehouseSettings, warehouseVariables } from '#snowflake/settings.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
import type { PublicKeys } from '#snowflake/setup-statements.ts';

const publicKey = z.string({ error: 'expected an RSA public key, as a PEM or as its base64 in one line' });

const keyVariables = {
  SNOWFLAKE_LOADER_PUBLIC_KEY: publicKey,
  SNOWFLAKE_LOADER_PUBLIC_KEY_2: publicKey.optional(),
  SNOWFLAKE_TRANSFORMER_PUBLIC_KEY: publicKey,
  SNOWFLAKE_TRANSFORMER_PUBLIC_KEY_2: publicKey.optional(),
  SNOWFLAKE_READER_PUBLIC_KEY: publicKey,
  SNOWFLAKE_READER_PUBLIC_KEY_2: publicKey.optional(),
} as const;

const setupVariables = z.object({
  ...warehouseVariables,
  ...keyVariables,
  SNOWFLAKE_ROLE: warehouseVariables.SNOWFLAKE_ROLE.default('ACCOUNTADMIN'),
});

/** Who sets the account up, and the keys of the users that it makes. Throws an EnvironmentError. */
export function parseSetupEnvironment(env: Readonly<Record<string, string | undefined>>): {
  readonly settings: WarehouseSettings;
  readonly publicKeys: PublicKeys;
} {
  const vars = parseVariables(setupVariables, env);
  return {
    // there may be no database and no warehouse yet, and no statement needs one
    settings: { ...warehouseSettings(vars), database: undefined, warehouse: undefined },
    publicKeys: {
      loader: { key: vars.SNOWFLAKE_LOADER_PUBLIC_KEY, secondKey: vars.SNOWFLAKE_LOADER_PUBLIC_KEY_2 },
      transformer: {
        key: vars.SNOWFLAKE_TRANSFORMER_PUBLIC_KEY,
        secondKey: vars.SNOWFLAKE_TRANSFORMER_PUBLIC_KEY_2,
      },
      reader: { key: vars.SNOWFLAKE_READER_PUBLIC_KEY, secondKey: vars.SNOWFLAKE_READER_PUBLIC_KEY_2 },
    },
  };
}

import { portOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';
import { keyPairIn } from './key-pair.ts';

/** Who a client of the warehouse is; `admin` sets the account up. */
export type WarehouseRole = 'loader' | 'transformer' | 'reader' | 'admin';

const IDENTITIES = {
  loader: {
    SNOWFLAKE_USER: 'CRYPTO_LOADER_SERVICE',
    SNOWFLAKE_ROLE: 'CRYPTO_LOADER',
    SNOWFLAKE_WAREHOUSE: 'CRYPTO_LOADING',
  },
  transformer: {
    SNOWFLAKE_USER: 'CRYPTO_TRANSFORMER_SERVICE',
    SNOWFLAKE_ROLE: 'CRYPTO_TRANSFORMER',
    SNOWFLAKE_WAREHOUSE: 'CRYPTO_TRANSFORMING',
  },
  reader: {
    SNOWFLAKE_USER: 'CRYPTO_READER_SERVICE',
    SNOWFLAKE_ROLE: 'CRYPTO_READER',
    SNOWFLAKE_WAREHOUSE: 'CRYPTO_READING',
  },
  admin: { SNOWFLAKE_USER: 'LOCAL_ADMIN', SNOWFLAKE_ROLE: 'ACCOUNTADMIN' },
} as const;

/** The variables that lead a client to the run's emulator. The key among them is made once for the folder. */
export function warehouseEnvironment(
  options: Pick<RunOptions, 'folder' | 'portBase'>,
  role: WarehouseRole,
): Record<string, string> {
  return {
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(portOf(options, 'warehouse')),
    SNOWFLAKE_PROTOCOL: 'http',
    SNOWFLAKE_DATABASE: 'CRYPTO_MARKET',
    SNOWFLAKE_PRIVATE_KEY: keyPairIn(options.folder).privateKey,
    ...IDENTITIES[role],
  };
}

import type { WarehouseEnvironment } from '#snowflake/settings.ts';

export type WarehouseUser = 'loader' | 'transformer' | 'reader';

/** As snowflake/030_database.sql and 040_landing.sql make them. */
export const LANDING = { database: 'CRYPTO_MARKET', schema: 'RAW', table: 'CANDLES_STREAM' } as const;

/** As snowflake/050_users.sql makes them. */
export const SERVICE_USERS = {
  loader: { user: 'CRYPTO_LOADER_SERVICE', role: 'CRYPTO_LOADER', warehouse: 'CRYPTO_LOADING' },
  transformer: {
    user: 'CRYPTO_TRANSFORMER_SERVICE',
    role: 'CRYPTO_TRANSFORMER',
    warehouse: 'CRYPTO_TRANSFORMING',
  },
  reader: { user: 'CRYPTO_READER_SERVICE', role: 'CRYPTO_READER', warehouse: 'CRYPTO_READING' },
} as const;

/** What a program needs to work in the warehouse; none of it is a secret. */
export type ClientEnvironment = Readonly<
  Pick<
    Required<WarehouseEnvironment>,
    | 'SNOWFLAKE_ACCOUNT'
    | 'SNOWFLAKE_USER'
    | 'SNOWFLAKE_PRIVATE_KEY_SECRET_ARN'
    | 'SNOWFLAKE_ROLE'
    | 'SNOWFLAKE_WAREHOUSE'
    | 'SNOWFLAKE_DATABASE'
  >
>;

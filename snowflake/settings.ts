import * as z from 'zod';
import { EnvironmentError } from '#domain/environment.ts';

/** Where the warehouse is, and as whom to go there. */
export interface WarehouseSettings {
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'https' | 'http';
  readonly user: string;
  readonly privateKey: PrivateKeySource;
  readonly role: string;
  /** Undefined where no query needs one yet, as while the warehouses are being made. */
  readonly warehouse: string | undefined;
  /** Undefined where there may be none yet. */
  readonly database: string | undefined;
}

type PrivateKeySource =
  /** PKCS8: a PEM, or its base64 in one line. */
  | { readonly kind: 'key'; readonly key: string }
  /** Fetched when the connection is made, so that a rotated key needs no restart. */
  | { readonly kind: 'secret'; readonly arn: string };

const identifier = z
  .string({ error: 'expected a name of letters, digits, _ and $' })
  .regex(/^[A-Za-z_][A-Za-z0-9_$]{0,254}$/, 'expected a name of letters, digits, _ and $');

/** The variables of every client of the warehouse: spread them into the schema of an `env.ts`. */
export const warehouseVariables = {
  SNOWFLAKE_ACCOUNT: z
    .string({ error: 'expected an account identifier as <organization>-<account>' })
    .regex(/^[A-Za-z0-9._-]{1,255}$/, 'expected an account identifier as <organization>-<account>'),
  SNOWFLAKE_HOST: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,255}$/, 'expected a host name without protocol and port')
    .optional(),
  SNOWFLAKE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a port number')
    .transform(Number)
    .refine((port) => port > 0 && port <= 65_535, { error: 'expected a port from 1 to 65535' })
    .default(443),
  SNOWFLAKE_PROTOCOL: z.enum(['https', 'http'], { error: 'expected https or http' }).default('https'),
  SNOWFLAKE_USER: z.string({ error: 'expected the name of a user' }),
  /** Checked in warehouseSettings, since a message about a variable shows its value. */
  SNOWFLAKE_PRIVATE_KEY: z.string().optional(),
  SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: z
    .string()
    .regex(/^arn:[^:]+:secretsmanager:[^:]+:\d+:secret:/, 'expected the ARN of a secret in Secrets Manager')
    .optional(),
  SNOWFLAKE_ROLE: identifier,
  SNOWFLAKE_WAREHOUSE: identifier.optional(),
  SNOWFLAKE_DATABASE: identifier.default('CRYPTO_MARKET'),
} as const;

const variables = z.object(warehouseVariables);

/** The same as a deployment sets them. */
export type WarehouseEnvironment = z.input<typeof variables>;

/** From the parsed variables. Throws an EnvironmentError. */
export function warehouseSettings(vars: z.output<typeof variables>): WarehouseSettings {
  return {
    account: vars.SNOWFLAKE_ACCOUNT,
    host: vars.SNOWFLAKE_HOST ?? `${vars.SNOWFLAKE_ACCOUNT}.snowflakecomputing.com`,
    port: vars.SNOWFLAKE_PORT,
    protocol: vars.SNOWFLAKE_PROTOCOL,
    user: vars.SNOWFLAKE_USER,
    privateKey: privateKeySource(vars),
    role: vars.SNOWFLAKE_ROLE,
    warehouse: vars.SNOWFLAKE_WAREHOUSE,
    database: vars.SNOWFLAKE_DATABASE,
  };
}

function privateKeySource({
  SNOWFLAKE_PRIVATE_KEY: key,
  SNOWFLAKE_PRIVATE_KEY_SECRET_ARN: arn,
}: z.output<typeof variables>): PrivateKeySource {
  if (key !== undefined && arn !== undefined) {
    throw new EnvironmentError(
      'SNOWFLAKE_PRIVATE_KEY: expected one of SNOWFLAKE_PRIVATE_KEY and SNOWFLAKE_PRIVATE_KEY_SECRET_ARN, got both',
    );
  }
  if (key !== undefined) return { kind: 'key', key };
  if (arn !== undefined) return { kind: 'secret', arn };
  throw new EnvironmentError(
    'SNOWFLAKE_PRIVATE_KEY: expected a key here or the ARN of a secret in SNOWFLAKE_PRIVATE_KEY_SECRET_ARN, got neither',
  );
}

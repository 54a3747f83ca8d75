import * as z from 'zod';
import { parseVariables } from '#domain/environment.ts';
import { warehouseVariables } from '#snowflake/settings.ts';

const environmentSchema = z.object({
  SNOWFLAKE_ACCOUNT: warehouseVariables.SNOWFLAKE_ACCOUNT,
  SNOWFLAKE_HOST: warehouseVariables.SNOWFLAKE_HOST,
  SNOWFLAKE_PORT: warehouseVariables.SNOWFLAKE_PORT,
  SNOWFLAKE_PROTOCOL: warehouseVariables.SNOWFLAKE_PROTOCOL,
});

/** Where the account is. */
export type Place = z.output<typeof environmentSchema>;

/** The variables this function reads, as the deployment has to set them. */
export type SnowflakeSetupEnvironment = z.input<typeof environmentSchema>;

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Place {
  return parseVariables(environmentSchema, env);
}

const user = z.object({
  /** Gets the user's private key. */
  secretArn: z.string(),
  /** Counted from 1; one more makes a new key, and the one before stays valid until the next. */
  // CloudFormation makes a text of every value
  keyGeneration: z.coerce.number<number | string>().int().min(1),
});

/**
 * What the deployment asks for: properties of the custom resource, so that each change of one is a run. None of them is
 * a secret.
 */
export const setupProperties = z.object({
  /** Of the administrator: a secret with user, privateKey and, if it is not ACCOUNTADMIN, role as JSON. */
  adminSecret: z.string(),
  users: z.object({ loader: user, transformer: user, reader: user }),
  /** With its database and schema. */
  landingTable: z.string(),
  /** Of the candle topic: with another one, the landing table forgets how far the topic before had come. */
  epoch: z.string(),
  /** Of the SQL that goes with the function: nothing reads it, a change of it is a run. */
  setupHash: z.string(),
});

export type SnowflakeSetupProperties = z.input<typeof setupProperties>;

import { Logger } from '@aws-lambda-powertools/logger';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { connectWarehouse } from '#snowflake/connection.ts';
import { parseEnvironment } from './env.ts';
import { onEvent } from './on-event.ts';
import type { Answer } from './on-event.ts';

/** Makes the Snowflake account what snowflake/*.sql says, and its users' keys, for CDK's Provider framework. */
export async function handler(event: unknown): Promise<Answer> {
  try {
    return await onEvent(event, ports);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    logger.error('failed', { event: 'failed', reason: message });
    // CloudFormation takes 4 KB of an answer in all. Without the cause, which Lambda would print with all that it holds.
    // oxlint-disable-next-line preserve-caught-error -- see above
    throw new Error(message.slice(0, MOST_CHARACTERS));
  }
}

const MOST_CHARACTERS = 1_000;

const logger = new Logger({ serviceName: 'snowflake-setup' });
const ports = {
  place: parseEnvironment(process.env),
  connect: connectWarehouse,
  secrets: new SecretsManagerClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000 },
  }),
  log: (event: string, facts: Readonly<Record<string, unknown>>) => logger.info(event, { event, ...facts }),
};

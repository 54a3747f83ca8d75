import { parseVariables } from '#domain/environment.ts';
import * as z from 'zod';

export interface EventSourceConfig {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly metricsPort: number;
  readonly batchSize: number;
  readonly batchWindowMs: number;
  readonly handlerTimeoutMs: number;
}

/** Throws an EnvironmentError that names what is missing or wrong. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): EventSourceConfig {
  const vars = parseVariables(environmentSchema, env);
  return {
    brokers: vars.KAFKA_BROKERS,
    topic: vars.TOPIC,
    groupId: vars.GROUP_ID,
    metricsPort: vars.METRICS_PORT,
    batchSize: vars.BATCH_SIZE,
    batchWindowMs: vars.BATCH_WINDOW_MS,
    handlerTimeoutMs: vars.HANDLER_TIMEOUT_MS,
  };
}

const wholeNumber = (least: number, most: number) =>
  z
    .string(`expected a whole number from ${least} to ${most}`)
    .regex(/^\d{1,9}$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, {
      error: `expected a whole number from ${least} to ${most}`,
    });

const BROKERS = 'expected comma-separated host:port';
const TOPIC_NAME = 'expected a Kafka topic name of letters, digits, . _ -';

const environmentSchema = z.object({
  KAFKA_BROKERS: z
    .string(BROKERS)
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => /^[^\s:]+:\d{1,5}$/.test(broker)), { error: BROKERS }),
  TOPIC: z.string(TOPIC_NAME).regex(/^[A-Za-z0-9._-]{1,249}$/, TOPIC_NAME),
  GROUP_ID: z.string('expected the name of a consumer group').max(255),
  METRICS_PORT: wholeNumber(0, 65_535),
  /** Lambda's own default and limit. */
  BATCH_SIZE: wholeNumber(1, 10_000).default(100),
  BATCH_WINDOW_MS: wholeNumber(0, 300_000).default(500),
  /** Far below Lambda's 14 minutes: here a person waits for the next try. */
  HANDLER_TIMEOUT_MS: wholeNumber(1_000, 840_000).default(60_000),
});

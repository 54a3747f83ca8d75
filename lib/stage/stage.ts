import * as z from 'zod';

// The shape of a stage; what one value means for another stands beside it, in checks.ts.
export const stageSchema = z.strictObject({
  region: z.string(),
  /** Availability zones by name, in the order in which subnets are made: never re-ordered once deployed. */
  zones: z.array(z.string()).min(2).max(3),
  /** Deletion is refused, and what holds data outlives its stack. */
  isProtected: z.boolean(),
  network: z.strictObject({
    cidr: z.string(),
    natGateways: z.int(),
    /** Interface endpoints cost money for each zone and hour; without them, AWS is reached through the NAT gateway. */
    hasInterfaceEndpoints: z.boolean(),
  }),
  stream: z.strictObject({
    brokers: z.discriminatedUnion('family', [
      z.strictObject({ family: z.literal('standard'), instanceType: z.string(), storageGiB: z.int() }),
      z.strictObject({
        family: z.literal('express'),
        instanceType: z.string(),
        storageGiB: z.int().optional(),
      }),
    ]),
    brokerCount: z.int(),
    kafkaVersion: z.string(),
    /** Of the candle topic. More can be added later, but then a symbol changes its partition. */
    partitions: z.int(),
    replicationFactor: z.int(),
    minInsyncReplicas: z.int(),
    retentionDays: z.int(),
  }),
  exporter: z.strictObject({
    /** As the exporter's variable SYMBOLS: a list, top:N, top:N:QUOTE or all:QUOTE. */
    symbols: z.string(),
    cpu: z.int(),
    memoryMiB: z.int(),
    image: z.discriminatedUnion('from', [
      /** Built by the CDK where it deploys from, by Docker or what CDK_DOCKER names. */
      z.strictObject({ from: z.literal('asset') }),
      /** Built elsewhere: repository@sha256:… */
      z.strictObject({ from: z.literal('registry'), exporter: z.string(), archiveLoader: z.string() }),
      /** Built in the account, from the source as an asset. */
      z.strictObject({ from: z.literal('codebuild') }),
    ]),
  }),
  metrics: z.strictObject({
    retentionDays: z.int(),
    outOfOrderWindowSeconds: z.int(),
    consumer: z.strictObject({
      memoryMiB: z.int(),
      timeoutSeconds: z.int(),
      reservedConcurrency: z.int(),
      batchSize: z.int(),
      windowMilliseconds: z.int(),
      /** Provisioned mode: event pollers of one's own, by the hour. */
      pollers: z.strictObject({ minimum: z.int(), maximum: z.int() }).optional(),
      /** Only with pollers. */
      retry: z.strictObject({ attempts: z.int(), maxAgeSeconds: z.int(), bisects: z.boolean() }).optional(),
    }),
  }),
  warehouse: z.strictObject({
    connectVersion: z.string(),
    capacity: z.strictObject({ mcu: z.int(), minimumWorkers: z.int(), maximumWorkers: z.int() }),
    tasks: z.int(),
    flushSeconds: z.int(),
  }),
  batch: z.strictObject({
    airflowVersion: z.string(),
    environmentClass: z.string(),
    minimumWorkers: z.int(),
    maximumWorkers: z.int(),
    schedulers: z.int(),
    webServers: z.strictObject({ minimum: z.int(), maximum: z.int() }),
    webAccess: z.enum(['PUBLIC_ONLY', 'PRIVATE_ONLY']),
  }),
  dashboards: z.strictObject({
    grafanaVersion: z.string(),
    authentication: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('identity-center') }),
      z.strictObject({ by: z.literal('saml'), metadataUrl: z.string(), adminRole: z.string() }),
    ]),
  }),
  operations: z.strictObject({
    /** Alarms and the budget write here; each has to confirm the subscription. */
    emails: z.array(z.string()),
    monthlyBudgetUsd: z.number(),
    logRetentionDays: z.int(),
  }),
});

/** How one deployment differs from another. */
export type StageSettings = z.infer<typeof stageSchema>;

/** A stage and who deploys it: what comes from the CDK context. */
export interface Stage extends StageSettings {
  readonly name: string;
  /** AWS account, 12 digits. */
  readonly account: string;
  /** Snowflake's account identifier, as ORGANIZATION-ACCOUNT. */
  readonly snowflakeAccount: string;
}

import * as z from 'zod';

// The shape of a stage; what its values may be, and what one means for another, is in the check-*.ts beside it.
export const stageSchema = z.strictObject({
  region: z.string(),
  /** Availability zones by name, in the order in which subnets are made: never re-ordered once deployed. */
  zones: z.array(z.string()),
  /** Deletion is refused, and what holds data outlives its stack. */
  isProtected: z.boolean(),
  network: z.strictObject({
    cidr: z.string(),
    natGateways: z.number(),
    /** Interface endpoints cost money for each zone and hour; without them, AWS is reached through the NAT gateway. */
    hasInterfaceEndpoints: z.boolean(),
  }),
  stream: z.strictObject({
    brokers: z.discriminatedUnion('family', [
      z.strictObject({ family: z.literal('standard'), instanceType: z.string(), storageGiB: z.number() }),
      z.strictObject({
        family: z.literal('express'),
        instanceType: z.string(),
        storageGiB: z.number().optional(),
      }),
    ]),
    brokerCount: z.number(),
    kafkaVersion: z.string(),
    /** Of the candle topic. More can be added later, but then a symbol changes its partition. */
    partitions: z.number(),
    replicationFactor: z.number(),
    minInsyncReplicas: z.number(),
    retentionDays: z.number(),
  }),
  exporter: z.strictObject({
    /** As the exporter's variable SYMBOLS: a list, top:N, top:N:QUOTE or all:QUOTE. */
    symbols: z.string(),
    cpu: z.number(),
    memoryMiB: z.number(),
    image: z.discriminatedUnion('from', [
      /** Built by the CDK where it deploys from, by Docker or what CDK_DOCKER names. */
      z.strictObject({ from: z.literal('asset') }),
      /** Built elsewhere: repository@sha256:… */
      z.strictObject({ from: z.literal('registry'), name: z.string() }),
      /** Built in the account, from the source as an asset. */
      z.strictObject({ from: z.literal('codebuild') }),
    ]),
  }),
  metrics: z.strictObject({
    retentionDays: z.number(),
    outOfOrderWindowSeconds: z.number(),
    consumer: z.strictObject({
      memoryMiB: z.number(),
      timeoutSeconds: z.number(),
      reservedConcurrency: z.number(),
      batchSize: z.number(),
      windowMilliseconds: z.number(),
      /** Provisioned mode: event pollers of one's own, by the hour. */
      pollers: z.strictObject({ minimum: z.number(), maximum: z.number() }).optional(),
      /** Only with pollers. */
      retry: z
        .strictObject({ attempts: z.number(), maxAgeSeconds: z.number(), bisects: z.boolean() })
        .optional(),
    }),
  }),
  warehouse: z.strictObject({
    connectVersion: z.string(),
    capacity: z.strictObject({ mcu: z.number(), minimumWorkers: z.number(), maximumWorkers: z.number() }),
    tasks: z.number(),
    flushSeconds: z.number(),
    /** Of each service user's key. One more makes a new one; that before stays valid until the next. */
    keyGenerations: z.strictObject({ loader: z.number(), transformer: z.number(), reader: z.number() }),
  }),
  batch: z.strictObject({
    airflowVersion: z.string(),
    environmentClass: z.string(),
    minimumWorkers: z.number(),
    maximumWorkers: z.number(),
    schedulers: z.number(),
    webServers: z.strictObject({ minimum: z.number(), maximum: z.number() }),
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
    logRetentionDays: z.number(),
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

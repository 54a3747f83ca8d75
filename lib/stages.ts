import type { StageSettings } from './stage/stage.ts';

/**
 * What may differ between deployments, and nothing else does. To change a stage, edit its row and deploy; what can't be
 * deployed is refused by name before anything is made.
 *
 * Region and zones are yours to choose; us-east-1 is a poor choice. Binance's main hosts answer 451 to addresses in the
 * United States, which leaves the exporter with the market-data hosts and nothing to fall back to, and all of them lie in
 * Tokyo, so that a candle is on its way for a few milliseconds from there and for some 160 from Virginia. Its zone
 * us-east-1e also lacks several of the services. An account that is new in Tokyo has no ap-northeast-1b.
 */
export const STAGES: Readonly<Record<string, StageSettings>> = {
  /** The cheapest that works: two zones, the smallest brokers, one NAT gateway. */
  dev: {
    region: 'ap-northeast-1',
    zones: ['ap-northeast-1a', 'ap-northeast-1c'],
    isProtected: false,
    network: { cidr: '10.40.0.0/20', natGateways: 1, hasInterfaceEndpoints: false },
    stream: {
      // the smallest; not to be had with KRaft
      brokers: { family: 'standard', instanceType: 'kafka.t3.small', storageGiB: 20 },
      brokerCount: 2,
      kafkaVersion: '3.9.x',
      partitions: 6,
      replicationFactor: 2,
      // nothing is lost with a broker; while one restarts, the exporter waits
      minInsyncReplicas: 2,
      retentionDays: 7,
    },
    exporter: { symbols: 'top:20', cpu: 256, memoryMiB: 512, image: { from: 'asset' } },
    metrics: {
      retentionDays: 30,
      outOfOrderWindowSeconds: 600,
      consumer: {
        memoryMiB: 512,
        timeoutSeconds: 60,
        reservedConcurrency: 6,
        batchSize: 100,
        windowMilliseconds: 500,
      },
    },
    warehouse: {
      connectVersion: '3.7.x',
      capacity: { mcu: 1, minimumWorkers: 1, maximumWorkers: 1 },
      tasks: 2,
      flushSeconds: 10,
      keyGenerations: { loader: 1, transformer: 1, reader: 1 },
    },
    batch: {
      airflowVersion: '3.0.6',
      environmentClass: 'mw1.micro',
      minimumWorkers: 1,
      maximumWorkers: 1,
      schedulers: 1,
      webServers: { minimum: 1, maximum: 1 },
      webAccess: 'PUBLIC_ONLY',
    },
    dashboards: { grafanaVersion: '12.4', authentication: { by: 'identity-center' } },
    operations: { emails: [], monthlyBudgetUsd: 500, logRetentionDays: 14 },
  },
  /** Three zones, and no part whose loss is an outage. */
  prod: {
    region: 'ap-northeast-1',
    zones: ['ap-northeast-1a', 'ap-northeast-1c', 'ap-northeast-1d'],
    isProtected: true,
    network: { cidr: '10.41.0.0/20', natGateways: 3, hasInterfaceEndpoints: true },
    stream: {
      brokers: { family: 'standard', instanceType: 'kafka.m7g.large', storageGiB: 100 },
      brokerCount: 3,
      kafkaVersion: '3.9.x.kraft',
      partitions: 12,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      retentionDays: 14,
    },
    exporter: { symbols: 'top:200', cpu: 512, memoryMiB: 1024, image: { from: 'asset' } },
    metrics: {
      retentionDays: 150,
      outOfOrderWindowSeconds: 600,
      consumer: {
        memoryMiB: 1024,
        timeoutSeconds: 60,
        reservedConcurrency: 12,
        batchSize: 500,
        windowMilliseconds: 500,
        pollers: { minimum: 1, maximum: 4 },
        retry: { attempts: 100, maxAgeSeconds: 3600, bisects: true },
      },
    },
    warehouse: {
      connectVersion: '3.7.x',
      capacity: { mcu: 1, minimumWorkers: 2, maximumWorkers: 4 },
      tasks: 6,
      flushSeconds: 10,
      keyGenerations: { loader: 1, transformer: 1, reader: 1 },
    },
    batch: {
      airflowVersion: '3.0.6',
      environmentClass: 'mw1.small',
      minimumWorkers: 1,
      maximumWorkers: 3,
      schedulers: 2,
      webServers: { minimum: 2, maximum: 2 },
      webAccess: 'PUBLIC_ONLY',
    },
    dashboards: { grafanaVersion: '12.4', authentication: { by: 'identity-center' } },
    operations: { emails: [], monthlyBudgetUsd: 2400, logRetentionDays: 90 },
  },
};

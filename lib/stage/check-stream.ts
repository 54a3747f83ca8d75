import { holds, oneOf, within } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

const LARGE_SIZES = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];

/** https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html */
export const BROKER_TYPES = {
  standard: [
    'kafka.t3.small',
    ...[...LARGE_SIZES, '24xlarge'].map((size) => `kafka.m5.${size}`),
    ...LARGE_SIZES.map((size) => `kafka.m7g.${size}`),
  ],
  express: LARGE_SIZES.map((size) => `express.m7g.${size}`),
} as const;

/**
 * What a new cluster can be made with; `.kraft` is another version than without.
 * https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html
 */
const KAFKA_VERSIONS = {
  standard: [
    '3.7.x',
    '3.7.x.kraft',
    '3.8.x',
    '3.8.x.kraft',
    '3.9.x',
    '3.9.x.kraft',
    '4.0.x.kraft',
    '4.1.x.kraft',
  ],
  express: ['3.8.x', '3.8.x.kraft', '3.9.x', '3.9.x.kraft', '4.0.x.kraft', '4.1.x.kraft', '4.2.x.kraft'],
} as const;

/** Brokers of one cluster that MSK allows without asking. */
const MOST_BROKERS = { zookeeper: 30, kraft: 60 } as const;

export function checkBrokers({ stream }: Pick<StageSettings, 'stream'>): readonly Problem[] {
  const { brokers, kafkaVersion } = stream;
  return [
    ...oneOf(
      'stream.brokers.instanceType',
      brokers.instanceType,
      BROKER_TYPES[brokers.family],
      `these are the types of the family ${brokers.family}`,
    ),
    ...oneOf(
      'stream.kafkaVersion',
      kafkaVersion,
      KAFKA_VERSIONS[brokers.family],
      `these can be had with ${brokers.family} brokers`,
    ),
    ...holds(
      !(brokers.instanceType === 'kafka.t3.small' && kafkaVersion.endsWith('.kraft')),
      'stream.kafkaVersion',
      'a version without KRaft, as 3.9.x, for kafka.t3.small',
      kafkaVersion,
      'or take kafka.m7g.large',
    ),
    ...(brokers.family === 'standard'
      ? within('stream.brokers.storageGiB', brokers.storageGiB, [1, 16_384])
      : holds(
          brokers.storageGiB === undefined,
          'stream.brokers.storageGiB',
          'none with express brokers',
          brokers.storageGiB,
          'take it out: their storage grows by itself and is paid by use',
        )),
  ];
}

export function checkBrokerCount({
  zones,
  stream,
}: Pick<StageSettings, 'zones' | 'stream'>): readonly Problem[] {
  const { brokers, brokerCount, kafkaVersion } = stream;
  const most = kafkaVersion.endsWith('.kraft') ? MOST_BROKERS.kraft : MOST_BROKERS.zookeeper;
  return [
    ...holds(
      brokerCount > 0 && brokerCount % zones.length === 0,
      'stream.brokerCount',
      `a multiple of the ${zones.length} zones`,
      brokerCount,
      'each zone gets as many brokers as the others',
    ),
    ...within('stream.brokerCount', brokerCount, [zones.length, most]),
    ...holds(
      brokers.family === 'standard' || zones.length === 3,
      'zones',
      'three zones for express brokers',
      zones,
    ),
  ];
}

export function checkReplication({ stream }: Pick<StageSettings, 'stream'>): readonly Problem[] {
  const { brokers, brokerCount, replicationFactor, minInsyncReplicas } = stream;
  return [
    ...within(
      'stream.replicationFactor',
      replicationFactor,
      [2, Math.max(2, brokerCount)],
      'one replica is lost with its broker, and there can be no more of them than brokers',
    ),
    ...holds(
      brokers.family === 'standard' || replicationFactor === 3,
      'stream.replicationFactor',
      '3 with express brokers',
      replicationFactor,
    ),
    ...holds(
      brokers.family === 'standard' || minInsyncReplicas === 2,
      'stream.minInsyncReplicas',
      '2 with express brokers',
      minInsyncReplicas,
    ),
    ...within(
      'stream.minInsyncReplicas',
      minInsyncReplicas,
      [2, Math.max(2, replicationFactor)],
      'with 1, what was acknowledged can be lost with one broker; above the replication factor, nothing can be written',
    ),
  ];
}

export function checkTopics({
  isProtected,
  stream,
}: Pick<StageSettings, 'isProtected' | 'stream'>): readonly Problem[] {
  const { replicationFactor, minInsyncReplicas } = stream;
  return [
    ...within('stream.partitions', stream.partitions, [1, 100]),
    ...within('stream.retentionDays', stream.retentionDays, [1, 365], 'what is older is in the warehouse'),
    ...holds(
      !isProtected || minInsyncReplicas < replicationFactor,
      'stream.minInsyncReplicas',
      `fewer than the ${replicationFactor} replicas in a protected stage`,
      minInsyncReplicas,
      'otherwise nothing can be written while one broker restarts, which MSK does for patches',
    ),
  ];
}

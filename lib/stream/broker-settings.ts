import type { Stage } from '#lib/stage/stage.ts';

/** A consumer that stands still for so long begins anew. Kafka's own week is shorter than some holidays. */
const OFFSETS_RETENTION_MINUTES = 30 * 24 * 60;

/**
 * What a broker is told beyond MSK's own settings, as `server.properties`. Express brokers fix the rest themselves, and
 * refuse to be told.
 * https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-properties.html
 * https://docs.aws.amazon.com/msk/latest/developerguide/msk-configuration-express-read-write.html
 */
export function brokerSettings({ stream }: Pick<Stage, 'stream'>): string {
  const { brokers, replicationFactor, minInsyncReplicas, retentionDays } = stream;
  return properties({
    // a topic that is misspelt would be made with one partition and no promise
    'auto.create.topics.enable': false,
    ...(brokers.family === 'standard' && {
      // MSK's default lets a replica that lags behind lead, and what it had not yet got is lost
      'unclean.leader.election.enable': false,
      'default.replication.factor': replicationFactor,
      'min.insync.replicas': minInsyncReplicas,
      'log.retention.hours': retentionDays * 24,
      'offsets.retention.minutes': OFFSETS_RETENTION_MINUTES,
    }),
  });
}

/** In the format of Java's properties, a setting a line. */
export function properties(settings: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

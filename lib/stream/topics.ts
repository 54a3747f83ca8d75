import { RemovalPolicy } from 'aws-cdk-lib';
import * as msk from 'aws-cdk-lib/aws-msk';
import type { Construct } from 'constructs';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { properties } from './broker-settings.ts';

const DAY_MS = 86_400_000;

/** Long enough for a person to look at what could not be read, and to write what to do about it. */
const DEAD_LETTER_DAYS = 30;

/**
 * The topics, kept whatever becomes of their stack: to replace one, as a change of its name or replication factor does,
 * is to lose what is in it. One after the other, since a small cluster takes few changes at once.
 */
export function makeTopics(
  scope: Construct,
  { stage, clusterArn }: { readonly stage: Stage; readonly clusterArn: string },
): readonly msk.CfnTopic[] {
  const { partitions, retentionDays, replicationFactor } = stage.stream;
  const topic = (id: string, topicName: string, partitionCount: number, days: number) => {
    const made = new msk.CfnTopic(scope, id, {
      clusterArn,
      topicName,
      partitionCount,
      replicationFactor,
      configs: Buffer.from(topicSettings(stage, days)).toString('base64'),
    });
    made.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return made;
  };
  const topics = [
    topic('Candles', CANDLE_TOPIC, partitions, retentionDays),
    topic('DeadLetters', DEAD_LETTER_TOPIC, 1, DEAD_LETTER_DAYS),
    topic('SinkDeadLetters', SINK_DEAD_LETTER_TOPIC, 1, DEAD_LETTER_DAYS),
  ];
  for (const [index, made] of topics.entries()) {
    const before = topics[index - 1];
    if (before) made.addResourceDependency(before);
  }
  return topics;
}

function topicSettings({ stream }: Stage, days: number): string {
  return properties({
    'cleanup.policy': 'delete',
    'retention.ms': days * DAY_MS,
    // the only one that each reader knows without more: the exporter, which reads back, too
    'compression.type': 'gzip',
    // express brokers have it fixed
    ...(stream.brokers.family === 'standard' && { 'min.insync.replicas': stream.minInsyncReplicas }),
  });
}

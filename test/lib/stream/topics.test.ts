import { describe, expect, test } from 'vitest';
import { CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC } from '#domain/topics.ts';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

describe.each(STAGE_NAMES)('the topics of %s', (name) => {
  const { stream } = synthesize(name).stage;
  const topics = () => synthesize(name).template('data').findResources('AWS::MSK::Topic');
  const named = (topic: string) =>
    Object.values(topics()).find(({ Properties }) => Properties.TopicName === topic)?.['Properties'];
  const settingsOf = (topic: string) =>
    Buffer.from(named(topic).Configs, 'base64').toString().split('\n').toSorted();

  test('are those that the programs write to, each with as many replicas as the stage says', () => {
    const made = Object.values(topics()).map(({ Properties }) => Properties);
    expect(made.map(({ TopicName }) => String(TopicName)).toSorted()).toEqual(
      [CANDLE_TOPIC, DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC].toSorted(),
    );
    expect(made.map(({ ReplicationFactor }) => ReplicationFactor)).toEqual(
      made.map(() => stream.replicationFactor),
    );
    expect(named(CANDLE_TOPIC).PartitionCount).toBe(stream.partitions);
  });

  test('are kept whatever becomes of their stack', () => {
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(topics())) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
    expect(Object.keys(topics())).toHaveLength(3);
  });

  test('are made one after the other', () => {
    const after = Object.values(topics()).map(({ DependsOn }) => DependsOn ?? []);
    const ids = Object.keys(topics());
    expect(after).toEqual([[], [ids[0]], [ids[1]]]);
  });

  test('keep candles for the days of the stage and letters longer, in a form that every reader knows', () => {
    const common = ['cleanup.policy=delete', 'compression.type=gzip'];
    const insync = `min.insync.replicas=${stream.minInsyncReplicas}`;
    expect(settingsOf(CANDLE_TOPIC)).toEqual([...common, insync, days(stream.retentionDays)].toSorted());
    for (const topic of [DEAD_LETTER_TOPIC, SINK_DEAD_LETTER_TOPIC]) {
      expect(settingsOf(topic)).toEqual([...common, insync, days(30)].toSorted());
    }
  });
});

const days = (count: number) => `retention.ms=${count * 86_400_000}`;

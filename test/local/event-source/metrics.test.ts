import { expect, test } from 'vitest';
import { CONSUMER_METRICS } from '#domain/metrics.ts';
import { createMetrics } from '#local/event-source/metrics.ts';

test('the lag is told while Kafka answers, and not at all while it does not', async () => {
  const { registry, setLag, setKafkaAway } = createMetrics();
  setLag(new Map([[0, 7]]));
  expect(await registry.metrics()).toContain('crypto_consumer_lag_records{partition="0"} 7');
  setKafkaAway();
  expect(await registry.metrics()).not.toContain('crypto_consumer_lag_records{');
  expect(await registry.metrics()).toContain('crypto_consumer_kafka_reachable 0');
  setLag(new Map([[0, 9]]));
  expect(await registry.metrics()).toContain('crypto_consumer_lag_records{partition="0"} 9');
});

test('what went wrong is told as 0 before it ever did, so that the first time is seen as a growth', async () => {
  const text = await createMetrics().registry.metrics();
  for (const { name } of [CONSUMER_METRICS.refused, CONSUMER_METRICS.poison, CONSUMER_METRICS.dropped]) {
    const values = [...text.matchAll(new RegExp(`^${name}\\{reason="[^"]+"\\} (.+)$`, 'gm'))];
    expect(values.length, name).toBeGreaterThan(1);
    expect(new Set(values.map(([, value]) => value)), name).toEqual(new Set(['0']));
  }
});

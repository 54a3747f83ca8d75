import { expect, test } from 'vitest';
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

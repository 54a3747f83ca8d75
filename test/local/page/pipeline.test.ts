import { expect, test } from 'vitest';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { toPipelineNumbers } from '#local/page/pipeline.ts';

const sample = (labels: Record<string, string>, value: string) => ({
  labels,
  samples: [[1_000, value] as const],
});

const scrape = (value: string) => [sample({ __name__: 'up', job: 'consumer' }, value)];

test('a counter with a label is summed, and its parts are told, greatest first, without those at 0', () => {
  const { name } = EXPORTER_METRICS.rejected;
  const numbers = toPipelineNumbers([
    sample({ __name__: name, reason: 'not-json' }, '1'),
    sample({ __name__: name, reason: 'broken-rule' }, '0'),
    sample({ __name__: name, reason: 'not-a-candle' }, '4'),
  ]);
  expect(numbers.rejected).toEqual({
    total: 5,
    by: [
      { label: 'not-a-candle', value: 4 },
      { label: 'not-json', value: 1 },
    ],
  });
});

test('lag is summed over partitions', () => {
  const numbers = toPipelineNumbers([
    sample({ __name__: 'crypto_consumer_lag_records', partition: '0' }, '3'),
    sample({ __name__: 'crypto_consumer_lag_records', partition: '1' }, '4'),
  ]);
  expect(numbers.consumerLag?.total).toBe(7);
  expect(numbers.reconnects).toBeUndefined();
});

test('what was never counted is 0 from a process that is heard, without a lag too, and else unknown', () => {
  expect(toPipelineNumbers(scrape('1')).dropped).toEqual({ total: 0, by: [] });
  expect(toPipelineNumbers(scrape('1')).consumerLag).toBeUndefined();
  expect(toPipelineNumbers(scrape('0')).dropped).toBeUndefined();
  expect(toPipelineNumbers([]).dropped).toBeUndefined();
});

import { Partitioners } from 'kafkajs';
import { expect, test } from 'vitest';
import { symbolPartitioner } from '#fargate/ohlc-exporter/symbol-partitioner.ts';

const SYMBOLS = Array.from({ length: 200 }, (_, index) => `SYM${index}USDT`);

function partitionsOf(count: number) {
  return Array.from({ length: count }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
}

function ask(choose: ReturnType<typeof symbolPartitioner>, key: string | null, count: number): number {
  return choose({ topic: 'candles', partitionMetadata: partitionsOf(count), message: { key, value: 'x' } });
}

test("a symbol's partition is the one of every Kafka client, again and again, also after partitions were added", () => {
  const choose = symbolPartitioner();
  const standard = Partitioners.DefaultPartitioner();
  for (const count of [6, 6, 9, 6]) {
    const chosen = SYMBOLS.map((symbol) => ask(choose, symbol, count));
    expect(chosen).toEqual(SYMBOLS.map((symbol) => ask(standard, symbol, count)));
    expect(new Set(chosen).size).toBe(count);
  }
});

test('what has no key goes to all partitions in turn', () => {
  const choose = symbolPartitioner();
  const chosen = Array.from({ length: 6 }, () => ask(choose, null, 6));
  expect(new Set(chosen)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});

import type { KafkaMessage } from 'kafkajs';

/** A record whose value is `v` and its offset. */
export function messageAt(offset: number): KafkaMessage {
  return {
    key: Buffer.from('BTCUSDT'),
    value: Buffer.from(`v${offset}`),
    offset: String(offset),
    timestamp: '1700000000000',
    attributes: 0,
    headers: {},
  };
}

export function messagesAt(...offsets: readonly number[]): readonly KafkaMessage[] {
  return offsets.map(messageAt);
}

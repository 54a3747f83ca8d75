import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeCandle } from '#domain/candle.ts';
import {
  endedMinute,
  eventOf,
  publishedCandle,
  rawRecord,
} from '#test/lambdas/prometheus-consumer/events.ts';
import type { RawRecord } from '#test/lambdas/prometheus-consumer/events.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';

/** Values to break: recorded ones, too old to be sent, and one of this hour, which is. */
const VALUES: readonly [Buffer, ...Buffer[]] = [
  Buffer.from(encodeCandle(publishedCandle(endedMinute(30)))),
  ...recordedValues('one-partition'),
  ...recordedValues('poison'),
  ...recordedValues('several-partitions'),
];

/** A record that may be anything but has a position, so that the function has to account for it. */
export function brokenRecord(random: Random, offset: number): object {
  const partition = random.below(3);
  const bytes = mutate(random, VALUES);
  const record: RawRecord = rawRecord(bytes.toString('base64'), offset, partition);
  switch (random.below(8)) {
    case 0:
      return { ...record, value: mutate(random, [Buffer.from(record.value ?? '')]).toString('latin1') };
    case 1:
      return { ...record, value: random.pick<unknown>([undefined, null, 7, {}, [], true, '']) };
    case 2:
      return { ...record, key: bytes.toString('latin1'), headers: [{ __proto__: [1, 2] }, null, 'text'] };
    default:
      return record;
  }
}

export function wholeRecord(symbol: string, openMs: number, price: string, offset: number): RawRecord {
  const candle = publishedCandle(openMs, symbol, { open: price, high: price, low: price, close: price });
  return rawRecord(Buffer.from(encodeCandle(candle)).toString('base64'), offset, offset % 3);
}

/** An event that no MSK source would deliver: the function refuses it whole, and the source delivers it again. */
export function brokenEvent(random: Random, offset: number): unknown {
  const record = rawRecord('e30=', offset);
  const whole = eventOf(record);
  const misplaced = (change: object) => ({
    ...whole,
    records: { 'candles-1m-0': [{ ...record, ...change }] },
  });
  return random.pick<unknown>([
    null,
    7,
    'text',
    [],
    {},
    { ...whole, eventSource: 'aws:sqs' },
    { ...whole, records: null },
    { ...whole, records: [record] },
    { ...whole, records: { 'candles-1m-0': record } },
    misplaced({ offset: -1 }),
    misplaced({ offset: 1.5 }),
    misplaced({ offset: '7' }),
    misplaced({ offset: 2 ** 60 }),
    misplaced({ partition: -1 }),
    misplaced({ partition: null }),
    misplaced({ topic: '../../etc' }),
    misplaced({ topic: '..' }),
    misplaced({ topic: 'a'.repeat(250) }),
    misplaced({ topic: 7 }),
    misplaced({ timestamp: 'yesterday' }),
    { ...whole, records: { 'candles-1m-0': [null] } },
  ]);
}

function recordedValues(name: string): readonly Buffer[] {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/msk', `${name}.json`), 'utf8');
  const { records } = JSON.parse(text) as { records: Record<string, { value?: string }[]> }; // Lambda's own shape
  return Object.values(records)
    .flat()
    .map(({ value }) => Buffer.from(value ?? '', 'base64'));
}

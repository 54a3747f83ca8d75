import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '#fargate/ohlc-exporter/crc32c.ts';

// as its source has it
const ofKafkajs = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (
  bytes: Buffer,
) => number;

test('the checksum of the standard says the same as everywhere', () => {
  expect(crc32c(Buffer.from('123456789'), 0)).toBe(0xe3069283);
});

test('of any bytes, from any of them on, it is the one that kafkajs computes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(40), fc.nat(40), (array, before, from) => {
      // a part of a larger buffer, as small ones are
      const bytes = Buffer.concat([Buffer.alloc(before), array]).subarray(before);
      expect(crc32c(bytes, from)).toBe(ofKafkajs(bytes.subarray(from)));
    }),
  );
});

import { crc32c } from './crc32c.ts';

export interface PlainMessage {
  readonly key: string;
  readonly value: string;
}

/**
 * Messages as a record batch of Kafka's format 2, uncompressed, of a producer that is not idempotent: byte for byte what kafkajs
 * makes of them, in one buffer of the right size.
 * https://kafka.apache.org/documentation/#recordbatch
 */
export function encodeRecordBatch(messages: readonly PlainMessage[], timestampMs: number): Buffer {
  const records = messages.map(measure);
  const batch = Buffer.allocUnsafe(records.reduce((sum, { size }) => sum + size, RECORDS_AT));
  batch.writeBigInt64BE(0n, 0); // first offset, the broker's to set
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(0, 12); // the leader's epoch
  batch.writeInt8(FORMAT, 16);
  batch.writeInt16BE(0, CRC_AT + 4); // attributes
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(timestampMs), 27); // of the first
  batch.writeBigInt64BE(BigInt(timestampMs), 35); // of the latest
  batch.writeBigInt64BE(-1n, 43); // no producer id
  batch.writeInt16BE(0, 51); // its epoch
  batch.writeInt32BE(0, 53); // its first sequence number
  batch.writeInt32BE(records.length, 57);
  let at = RECORDS_AT;
  for (const [index, record] of records.entries()) at = writeRecord(batch, at, index, record);
  batch.writeUInt32BE(crc32c(batch, CRC_AT + 4), CRC_AT);
  return batch;
}

const FORMAT = 2;
const CRC_AT = 17;
const RECORDS_AT = 61;

interface Measured extends PlainMessage {
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly bodyBytes: number;
  /** With the length in front. */
  readonly size: number;
}

function measure({ key, value }: PlainMessage, index: number): Measured {
  const keyBytes = Buffer.byteLength(key);
  const valueBytes = Buffer.byteLength(value);
  // a byte each for attributes, time since the batch's and number of headers
  const bodyBytes =
    3 + varintSize(index) + varintSize(keyBytes) + keyBytes + varintSize(valueBytes) + valueBytes;
  return { key, value, keyBytes, valueBytes, bodyBytes, size: varintSize(bodyBytes) + bodyBytes };
}

function writeRecord(batch: Buffer, from: number, index: number, record: Measured): number {
  let at = writeVarint(batch, from, record.bodyBytes);
  batch[at] = 0;
  batch[at + 1] = 0;
  at = writeVarint(batch, at + 2, index);
  at = writeVarint(batch, at, record.keyBytes);
  at += batch.write(record.key, at);
  at = writeVarint(batch, at, record.valueBytes);
  at += batch.write(record.value, at);
  batch[at] = 0;
  return at + 1;
}

/** Kafka's numbers of variable length are zigzag, which doubles those from 0 on. Lengths and positions are all that is written. */
function varintSize(value: number): number {
  let size = 1;
  for (let rest = value * 2; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}

function writeVarint(target: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value * 2;
  for (; rest > 0x7f; rest >>>= 7) {
    target[at] = (rest & 0x7f) | 0x80;
    at += 1;
  }
  target[at] = rest;
  return at + 1;
}

import { encodeRecordBatch } from './record-batch.ts';
import type { PlainMessage } from './record-batch.ts';

/** What kafkajs makes a produce request of. */
export interface ProduceArguments<Message = AnyMessage> {
  readonly acks: number;
  readonly timeout: number;
  readonly compression?: number;
  readonly transactionalId?: string | null;
  readonly producerId?: unknown;
  readonly producerEpoch?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number;
      readonly messages: readonly Message[];
    }[];
  }[];
}

interface AnyMessage {
  readonly key?: unknown;
  readonly value: unknown;
  readonly headers?: unknown;
  readonly timestamp?: unknown;
}

/** As much of kafkajs's as is used here. */
export interface Encoder {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
  readonly writeString: (text: string | null) => Encoder;
  readonly writeInt16: (value: number) => Encoder;
  readonly writeInt32: (value: number) => Encoder;
}
export type EncoderClass = new (initialSize?: number) => Encoder;

/** Texts by text keys, and nothing else that would stand in the bytes. */
export function isPlain(given: ProduceArguments): given is ProduceArguments<PlainMessage> {
  const { compression = 0, transactionalId = null, producerId, producerEpoch = 0, topicData } = given;
  return (
    compression === 0 &&
    transactionalId === null &&
    producerId === -1 &&
    producerEpoch === 0 &&
    topicData.every(({ partitions }) =>
      partitions.every(
        ({ firstSequence = 0, messages }) => firstSequence === 0 && messages.every(isPlainMessage),
      ),
    )
  );
}

function isPlainMessage({ key, value, headers, timestamp }: AnyMessage): boolean {
  return (
    typeof key === 'string' && typeof value === 'string' && headers === undefined && timestamp === undefined
  );
}

/** From version 3 of the request on; without a transaction. */
export function encodeProduce(
  { acks, timeout, topicData }: ProduceArguments<PlainMessage>,
  Encoder: EncoderClass,
): Encoder {
  const nowMs = Date.now();
  const head = new Encoder().writeString(null).writeInt16(acks).writeInt32(timeout);
  const parts = [head.writeInt32(topicData.length).buffer];
  for (const { topic, partitions } of topicData) {
    parts.push(new Encoder().writeString(topic).writeInt32(partitions.length).buffer);
    for (const { partition, messages } of partitions) {
      const batch = encodeRecordBatch(messages, nowMs);
      parts.push(new Encoder().writeInt32(partition).writeInt32(batch.length).buffer, batch);
    }
  }
  // an encoder that has written all of it, as writing it would make a zeroed buffer of up to twice its size
  const buf = Buffer.concat(parts);
  return Object.assign(new Encoder(0), { buf, offset: buf.length });
}

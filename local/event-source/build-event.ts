import { Buffer } from 'node:buffer';
import type { MSKEvent, MSKRecord, MSKRecordHeader } from 'aws-lambda';
import type { KafkaMessage } from 'kafkajs';

/** What one partition contributes to an event; never empty. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
}

/** A partition's name in an event and in the handler's answer. */
export function partitionIdOf({ topic, partition }: Pick<PartitionRecords, 'topic' | 'partition'>): string {
  return `${topic}-${partition}`;
}

/**
 * The event that Lambda would deliver.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 */
export function buildEvent(parts: readonly PartitionRecords[], brokers: readonly string[]): MSKEvent {
  return {
    eventSource: 'aws:kafka',
    eventSourceArn: 'arn:aws:kafka:local:000000000000:cluster/local/00000000-0000-0000-0000-000000000000-1',
    bootstrapServers: brokers.join(','),
    records: Object.fromEntries(
      parts.map((part) => [
        partitionIdOf(part),
        part.messages.map((message) => toRecord(part.topic, part.partition, message)),
      ]),
    ),
  };
}

/** A record without a key or a value lacks the field, as it does in Lambda. */
type DeliveredRecord = Omit<MSKRecord, 'key' | 'value'> & Partial<Pick<MSKRecord, 'key' | 'value'>>;

function toRecord(topic: string, partition: number, message: KafkaMessage): MSKRecord {
  const record: DeliveredRecord = {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    timestampType: 'CREATE_TIME',
    ...(message.key !== null && { key: message.key.toString('base64') }),
    ...(message.value !== null && { value: message.value.toString('base64') }),
    headers: Object.entries(message.headers ?? {}).flatMap(([name, values]) =>
      [values ?? []].flat().map((value): MSKRecordHeader => ({ [name]: [...Buffer.from(value)] })),
    ),
  };
  return record as MSKRecord; // whose type does not know of records without a key or a value
}

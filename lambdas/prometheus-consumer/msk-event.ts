import * as z from 'zod';

/** One record as Lambda delivered it, with the name of its partition in the event. */
export interface DeliveredRecord {
  /** `topic-0`: what the answer has to call this partition. */
  readonly partitionId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Kafka's own time of the record, milliseconds. */
  readonly timestamp: number;
  /** Base64 as delivered; undefined for a record without a value. */
  readonly value: string | undefined;
  /** The record untouched, for keeping aside. */
  readonly delivered: unknown;
}

/** What the event source mapping reads; anything else makes it deliver the whole batch again. */
export interface BatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/**
 * The records of an event of Lambda's MSK source, in partition and offset order.
 * Throws when the event is of another source or has no positions: that is a wrong trigger, not bad data.
 */
export function readMskEvent(event: unknown): readonly DeliveredRecord[] {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new Error(
      `expected an event of Lambda's MSK source with records by topic-partition, got one with ${describe(parsed.error)}`,
    );
  }
  return parsed.data.records.flatMap(([partitionId, records]) =>
    records
      .map(({ position, delivered }) => ({
        partitionId,
        topic: position.topic,
        partition: position.partition,
        offset: position.offset,
        timestamp: position.timestamp ?? 0,
        value: typeof position.value === 'string' ? position.value : undefined,
        delivered,
      }))
      .toSorted((a, b) => a.offset - b.offset),
  );
}

const positionSchema = z.object({
  /** Becomes a path in the rejected store, so it has to be what Kafka allows and no more. */
  topic: z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/, 'expected a Kafka topic name'),
  partition: z.int().min(0),
  offset: z.int().min(0),
  timestamp: z.int().optional(),
  value: z.unknown().optional(),
});

const recordSchema = z.unknown().transform((delivered, context) => {
  const position = positionSchema.safeParse(delivered);
  if (position.success) return { position: position.data, delivered };
  for (const issue of position.error.issues) {
    context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
  }
  return z.NEVER;
});

const eventSchema = z.object({
  eventSource: z.literal('aws:kafka'),
  // Entries, since an object's parser leaves out a partition that is called __proto__.
  records: z
    .custom<object>(isObject, 'expected records by topic-partition')
    .transform((records): [string, unknown][] => Object.entries(records))
    .pipe(z.array(z.tuple([z.string(), z.array(recordSchema)]))),
});

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`)
    .join('; ');
}

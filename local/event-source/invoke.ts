import { randomUUID } from 'node:crypto';
import type { Context, MSKEvent } from 'aws-lambda';
import * as z from 'zod';

type Handler = (event: MSKEvent, context: Context) => Promise<unknown>;

/** What came of one invocation, as Lambda's event source reads it. */
export type Invocation =
  /** The first offset to deliver again, by partition name; partitions that are not in it are done. */
  | { readonly kind: 'answered'; readonly failures: ReadonlyMap<string, number> }
  /** Everything again. */
  | { readonly kind: 'crashed' | 'timed-out' | 'bad-answer'; readonly detail: string };

/** Calls the handler with a context that counts down like Lambda's, and stops waiting when its time is up. */
export async function invoke(handler: Handler, event: MSKEvent, timeoutMs: number): Promise<Invocation> {
  const timedOut = Promise.withResolvers<Invocation>();
  const detail = `expected an answer within ${timeoutMs} ms`;
  const timer = setTimeout(() => timedOut.resolve({ kind: 'timed-out', detail }), timeoutMs);
  try {
    return await Promise.race([callHandler(handler, event, timeoutMs), timedOut.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function callHandler(handler: Handler, event: MSKEvent, timeoutMs: number): Promise<Invocation> {
  let answer: unknown;
  try {
    answer = await handler(event, createContext(timeoutMs));
  } catch (error) {
    return {
      kind: 'crashed',
      detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  return readAnswer(answer, event);
}

/** Lambda takes an empty answer for success, and an unknown identifier for a failure of the whole batch. */
function readAnswer(answer: unknown, event: MSKEvent): Invocation {
  const parsed = answerSchema.safeParse(answer ?? {});
  if (!parsed.success) return { kind: 'bad-answer', detail: parsed.error.message };
  const failures = new Map<string, number>();
  for (const { itemIdentifier } of parsed.data.batchItemFailures) {
    const { partition, offset } = itemIdentifier;
    if (!event.records[partition]?.some((record) => record.offset === offset)) {
      return {
        kind: 'bad-answer',
        detail: `expected a position of the event, got ${partition} at ${offset}`,
      };
    }
    failures.set(partition, Math.min(offset, failures.get(partition) ?? offset));
  }
  return { kind: 'answered', failures };
}

const answerSchema = z.object({
  batchItemFailures: z
    .array(z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.int() }) }))
    .nullish()
    .transform((failures) => failures ?? []),
});

function createContext(timeoutMs: number): Context {
  const endMs = Date.now() + timeoutMs;
  const name = 'prometheus-consumer';
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, endMs - Date.now()),
    // Lambda's callback style, which a handler that returns a promise never uses.
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

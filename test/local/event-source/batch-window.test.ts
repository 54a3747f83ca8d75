import { expect, test } from 'vitest';
import { createBatchWindow } from '#local/event-source/batch-window.ts';
import type { PartitionRecords } from '#local/event-source/build-event.ts';
import type { Invocation } from '#local/event-source/invoke.ts';
import { messagesAt } from './messages.ts';

const DONE: Invocation = { kind: 'answered', failures: new Map() };

function records(partition: number, ...offsets: readonly number[]): PartitionRecords {
  return { topic: 't', partition, messages: messagesAt(...offsets) };
}

/** Remembers what each event held, as partition and offsets, and answers it. */
function recordingWindow(batchSize: number, answer: (events: number) => Invocation = () => DONE) {
  const events: (readonly (readonly number[])[])[] = [];
  const window = createBatchWindow({
    batchSize,
    windowMs: 5,
    invoke: async (parts) => {
      events.push(
        parts.map(({ partition, messages }) => [partition, ...messages.map(({ offset }) => Number(offset))]),
      );
      return answer(events.length);
    },
  });
  return { events, offer: window.offer };
}

test('partitions that have records in the same moment meet in one event', async () => {
  const { events, offer } = recordingWindow(100);
  const outcomes = await Promise.all([offer(records(0, 1, 2)), offer(records(1, 9))]);
  expect(events).toEqual([
    [
      [0, 1, 2],
      [1, 9],
    ],
  ]);
  expect(outcomes).toEqual([
    { done: 2, failed: false },
    { done: 1, failed: false },
  ]);
});

test('an event holds no more than the batch size, each partition an equal share', async () => {
  const { events, offer } = recordingWindow(4);
  const outcomes = await Promise.all([offer(records(0, 1, 2, 3)), offer(records(1, 9, 10, 11))]);
  expect(events).toEqual([
    [
      [0, 1, 2],
      [1, 9, 10],
    ],
  ]);
  expect(outcomes).toEqual([
    { done: 2, failed: false },
    { done: 2, failed: false },
  ]);
});

test('room that one partition leaves is there for the others', async () => {
  const { events, offer } = recordingWindow(7);
  await Promise.all([offer(records(0, 1, 2, 3, 4, 5)), offer(records(1, 9)), offer(records(2, 7, 8, 9))]);
  expect(events).toEqual([
    [
      [0, 1, 2, 3],
      [1, 9],
      [2, 7, 8, 9],
    ],
  ]);
});

test("a partition's second offer replaces the first, which then is not done", async () => {
  const { events, offer } = recordingWindow(100);
  const outcomes = await Promise.all([offer(records(0, 1, 2)), offer(records(0, 2, 3))]);
  expect(events).toEqual([[[0, 2, 3]]]);
  expect(outcomes).toEqual([
    { done: 0, failed: true },
    { done: 2, failed: false },
  ]);
});

test('more partitions than the batch size take turns', async () => {
  const { events, offer } = recordingWindow(2);
  const outcomes = await Promise.all([0, 1, 2].map((partition) => offer(records(partition, 5))));
  expect(events.flat().toSorted(([a = 0], [b = 0]) => a - b)).toEqual([
    [0, 5],
    [1, 5],
    [2, 5],
  ]);
  expect(outcomes.every(({ done }) => done === 1)).toBe(true);
});

test('what comes before the first failure is done, and only its own partition has failed', async () => {
  const { offer } = recordingWindow(100, () => ({ kind: 'answered', failures: new Map([['t-0', 3]]) }));
  expect(await Promise.all([offer(records(0, 1, 2, 3, 4)), offer(records(1, 9))])).toEqual([
    { done: 2, failed: true },
    { done: 1, failed: false },
  ]);
});

test('after a crash nothing is done, in no partition', async () => {
  const { offer } = recordingWindow(100, () => ({ kind: 'crashed', detail: 'a bug' }));
  expect(await Promise.all([offer(records(0, 1, 2)), offer(records(1, 9))])).toEqual([
    { done: 0, failed: true },
    { done: 0, failed: true },
  ]);
});

test('records that come while the handler is at work go into the next event', async () => {
  const first = Promise.withResolvers<Invocation>();
  let events = 0;
  const window = createBatchWindow({
    batchSize: 100,
    windowMs: 1,
    invoke: async () => ((events += 1) === 1 ? first.promise : DONE),
  });
  const early = window.offer(records(0, 1));
  await expect.poll(() => events).toBe(1);
  const late = window.offer(records(1, 9));
  first.resolve(DONE);
  expect(await Promise.all([early, late])).toEqual([
    { done: 1, failed: false },
    { done: 1, failed: false },
  ]);
  expect(events).toBe(2);
});

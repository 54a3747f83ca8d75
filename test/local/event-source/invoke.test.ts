import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { buildEvent } from '#local/event-source/build-event.ts';
import { invoke } from '#local/event-source/invoke.ts';
import { messagesAt } from './messages.ts';

const EVENT = buildEvent(
  [
    { topic: 't', partition: 0, messages: messagesAt(1, 2, 3) },
    { topic: 't', partition: 1, messages: messagesAt(9) },
  ],
  ['a:1'],
);

function answer(...failures: readonly (readonly [partition: string, offset: number])[]) {
  return async () => ({
    batchItemFailures: failures.map(([partition, offset]) => ({ itemIdentifier: { partition, offset } })),
  });
}

test('failures are the lowest offset of each partition', async () => {
  expect(await invoke(answer(['t-0', 3], ['t-0', 2], ['t-1', 9]), EVENT, 1_000)).toEqual({
    kind: 'answered',
    failures: new Map([
      ['t-0', 2],
      ['t-1', 9],
    ]),
  });
});

test.each([undefined, null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
  'an answer %j means that all is done, as it does to Lambda',
  async (value) => {
    expect(await invoke(async () => value, EVENT, 1_000)).toEqual({ kind: 'answered', failures: new Map() });
  },
);

test.each([
  ['an unknown offset', answer(['t-0', 7])],
  ['an unknown partition', answer(['t-5', 1])],
  ['no answer of the form', async () => ({ batchItemFailures: 'all' })],
])('%s means the whole batch again', async (_, handler) => {
  expect(await invoke(handler, EVENT, 1_000)).toMatchObject({ kind: 'bad-answer' });
});

test('a handler that throws has crashed, and its error is told', async () => {
  expect(await invoke(() => Promise.reject(new Error('a bug')), EVENT, 1_000)).toMatchObject({
    kind: 'crashed',
    detail: expect.stringContaining('a bug'),
  });
});

test('a handler that does not answer in its time is given up', async () => {
  expect(await invoke(() => new Promise(() => {}), EVENT, 20)).toMatchObject({ kind: 'timed-out' });
});

test('the context counts down like that of Lambda', async () => {
  const contexts: Context[] = [];
  await invoke(
    async (_, context) => {
      contexts.push(context);
    },
    EVENT,
    1_000,
  );
  const [context] = contexts;
  const left = context?.getRemainingTimeInMillis() ?? Number.NaN;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(1_000);
  expect(context?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
});

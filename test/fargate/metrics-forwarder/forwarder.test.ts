import { expect, test } from 'vitest';
import { createForwarder } from '#fargate/metrics-forwarder/forwarder.ts';
import type { Scrape } from '#fargate/metrics-forwarder/forwarder.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import type { Answer, ReceivedRequest } from '#test/remote-write/receiver.ts';

const MINUTE_MS = 60_000;

/** A forwarder before a receiver that answers as told; time goes on by a minute from scrape to scrape. */
async function stand(
  scrapes: readonly Scrape[],
  answer?: (request: ReceivedRequest) => Answer,
  maxWaiting?: number,
) {
  const receiver = await startReceiver(answer);
  let nowMs = 0;
  let next = 0;
  const forwarder = createForwarder(
    { job: 'exporter', task: 't1' },
    {
      ...createRemoteWrite(receiver.url, { kind: 'none' }, 'test'),
      scrape: () => {
        nowMs += MINUTE_MS;
        return Promise.resolve(scrapes[next++] ?? { kind: 'failed', reason: 'no more' });
      },
      now: () => nowMs,
      sleep: (ms) => {
        nowMs += ms;
        return Promise.resolve();
      },
      random: () => 0.5,
    },
    maxWaiting,
  );
  return {
    receiver,
    round: () => forwarder.round(nowMs + MINUTE_MS + 20_000),
    close: () => forwarder.close(nowMs + 5_000),
  };
}

/** `name{labels} time value` of everything that a receiver took. */
function taken(requests: readonly ReceivedRequest[]): readonly string[] {
  return requests.flatMap(({ series }) =>
    series.flatMap(({ labels, samples }) => {
      const { __name__, ...rest } = Object.fromEntries(labels);
      return samples.map(
        ({ timestampMs, value }) => `${__name__}${JSON.stringify(rest)} ${timestampMs} ${value}`,
      );
    }),
  );
}

const page = (frames: number): Scrape => ({
  kind: 'answered',
  text: `frames_total{kind="closed"} ${frames}\n`,
});

test('every line goes on with its labels and the task, and with it that the program is up', async () => {
  const { receiver, round } = await stand([page(7)]);
  await using _ = receiver;
  expect(await round()).toMatchObject({ stored: 2, waiting: 0, dropped: 0, unreadable: 0 });
  expect(taken(receiver.requests).toSorted()).toEqual([
    'frames_total{"kind":"closed","task":"t1"} 0 7',
    'up{"job":"exporter","task":"t1"} 0 1',
  ]);
});

test('a page that does not answer is sent on as down, with the reason for the log', async () => {
  const { receiver, round } = await stand([{ kind: 'failed', reason: 'refused' }]);
  await using _ = receiver;
  expect(await round()).toMatchObject({ scrapeFailure: 'refused', stored: 1 });
  expect(taken(receiver.requests)).toEqual(['up{"job":"exporter","task":"t1"} 0 0']);
});

test('what the receiver could not take waits, and goes in time order once it can', async () => {
  let away = true;
  const { receiver, round } = await stand([page(1), page(2), page(3)], () => ({ status: away ? 503 : 204 }));
  await using _ = receiver;
  expect(await round()).toMatchObject({ stored: 0, waiting: 2, dropped: 0 });
  expect(await round()).toMatchObject({ stored: 0, waiting: 4, dropped: 0 });
  away = false;
  expect(await round()).toMatchObject({ stored: 6, waiting: 0 });
  const frames = receiver.requests
    .at(-1)
    ?.series.find(({ labels }) => labels.some(([, value]) => value === 'frames_total'));
  expect(frames?.samples.map(({ value }) => value)).toEqual([1, 2, 3]);
});

test('of too much that waits the oldest is dropped, and counted', async () => {
  const { receiver, round } = await stand([page(1), page(2)], () => ({ status: 503 }), 3);
  await using _ = receiver;
  expect(await round()).toMatchObject({ waiting: 2, dropped: 0 });
  expect(await round()).toMatchObject({ waiting: 3, dropped: 1 });
});

test('what is refused for good is counted by its reason and not sent again', async () => {
  const { receiver, round } = await stand([page(1), page(2)], ({ series }) =>
    series.some(({ labels }) => labels.some(([, value]) => value === 'frames_total'))
      ? { status: 400, body: 'out of order sample' }
      : { status: 204 },
  );
  await using _ = receiver;
  expect(await round()).toMatchObject({ stored: 1, refused: { 'out-of-order': 1 }, waiting: 0 });
  expect((await round()).refusal).toContain('out of order');
});

test('a line that is none is counted, and at the end the program is told to be down', async () => {
  const { receiver, round, close } = await stand([{ kind: 'answered', text: 'a 1\n<html>\n' }]);
  await using _ = receiver;
  expect(await round()).toMatchObject({ unreadable: 1, stored: 2 });
  await close();
  expect(taken(receiver.requests).at(-1)).toMatch(/^up.* 0$/);
});

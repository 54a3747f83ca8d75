import * as z from 'zod';
import { expect, test, vi } from 'vitest';
import { LIVE_RULES } from '#grafana/rules/live-rules.ts';
import { endedMinute, eventOf, publishedCandle, recordOf } from '#test/lambdas/prometheus-consumer/events.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import { invoke } from './invocation.ts';
import { startRealStore } from './real-store.ts';

vi.setConfig({ testTimeout: 120_000 });

test('C11 a receiver that answers 204 and stores nothing looks well to who writes, and is found by the alert that asks the store for candles', async () => {
  await using folder = await temporaryFolder();
  await using store = await startRealStore(folder.path);
  await using liar = await startReceiver(() => ({ status: 204 }));
  const write = (remoteWriteUrl: string) =>
    invoke(eventOf(recordOf(publishedCandle(endedMinute()), 0)), { remoteWriteUrl, folder: folder.path });

  const told = await write(liar.url.href);
  expect([told.handedBack, told.report.stored, liar.requests.length]).toEqual([[], 14, 2]);
  expect(await found(store.url)).toBe(1);

  const stored = await write(store.remoteWriteUrl);
  expect([stored.handedBack, stored.report.stored]).toEqual([[], 14]);
  expect(await found(store.url)).toBe(0);
});

/** How many series the alert's own question to the store has; one or more is what it tells, three minutes later. */
async function found(url: string): Promise<number> {
  const rule = LIVE_RULES.rules.find((one) => 'alert' in one && one.alert === 'CandlesStopped');
  if (rule === undefined) throw new Error('expected the alert CandlesStopped');
  const query = new URLSearchParams({ query: rule.expr });
  const answer: unknown = await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json();
  return answerSchema.parse(answer).data.result.length;
}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.unknown()) }),
});

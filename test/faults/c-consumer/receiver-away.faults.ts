import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startTcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import type { TcpFaultProxy } from '#test/faults/harness/tcp-fault-proxy.ts';
import { startHttpServer } from '#test/http-server.ts';
import {
  endedMinute,
  eventOf,
  publishedCandle,
  rawRecord,
  recordOf,
} from '#test/lambdas/prometheus-consumer/events.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import type { Answer } from '#test/remote-write/receiver.ts';
import { invoke } from './invocation.ts';

vi.setConfig({ testTimeout: 300_000 });

const SAMPLES_A_CANDLE = 14;
/** Of which the function takes three quarters to send. */
const REMAINING_MS = 6000;

const STATUSES: readonly Answer[] = [{ status: 429 }, { status: 500, body: 'sorry' }, { status: 503 }];

/** What stays so until it is mended: of the receiver, or of the link to it. */
const OUTAGES: Readonly<
  Record<string, { readonly answer?: Answer; readonly breakLink?: (link: TcpFaultProxy) => void }>
> = {
  '429': { answer: { status: 429 } },
  '500': { answer: { status: 500, body: 'sorry' } },
  '503': { answer: { status: 503 } },
  reset: { breakLink: (link) => link.accept(false) },
  'time-out': { breakLink: (link) => link.set({ kind: 'black-hole' }) },
  'slow drip': { breakLink: (link) => link.set({ kind: 'drip', bytes: 1, everyMs: 250 }, 'down') },
};

test('C3 a receiver that is away for a moment is tried again ever more slowly; one that stays away gets the batch handed back in time, and whole afterwards', async () => {
  await using folder = await temporaryFolder();
  for (const status of STATUSES) {
    const askedAt: number[] = [];
    await using receiver = await startReceiver((_, index) => {
      askedAt.push(performance.now());
      return index < 3 ? status : { status: 204 };
    });
    const { handedBack, report } = await invoke(twoPartitions(), {
      remoteWriteUrl: receiver.url.href,
      folder: folder.path,
      remainingMs: REMAINING_MS,
    });
    expect(handedBack).toEqual([]);
    expect(report.requests).toMatchObject({ unavailable: 3, stored: 2 });
    expect(receiver.stored.size).toBe(2 * SAMPLES_A_CANDLE);
    // at least half of 200, 400 and 800 ms, less what a timer may be early
    for (const [index, leastMs] of [95, 195, 395].entries())
      expect((askedAt[index + 1] ?? 0) - (askedAt[index] ?? 0)).toBeGreaterThanOrEqual(leastMs);
  }

  for (const [name, { answer = { status: 204 }, breakLink }] of Object.entries(OUTAGES)) {
    let mended = false;
    await using receiver = await startReceiver(() => (mended ? { status: 204 } : answer));
    await using link = await startTcpFaultProxy(Number(receiver.url.port));
    const url = new URL(receiver.url);
    url.port = String(link.port);
    const options = { remoteWriteUrl: url.href, folder: folder.path, remainingMs: REMAINING_MS };
    breakLink?.(link);
    const away = await invoke(twoPartitions(), options);
    expect(away.handedBack, name).toEqual(['candles-1m-0 40', 'candles-1m-3 7']);
    expect(away.leftMs, name).toBeGreaterThan(0);
    expect(away.report, name).toMatchObject({ unsent: 2 * SAMPLES_A_CANDLE, keptAside: 0, refused: {} });
    mended = true;
    link.clear();
    link.accept(true);
    expect((await invoke(twoPartitions(), options)).handedBack, name).toEqual([]);
    expect(receiver.stored.size, name).toBe(2 * SAMPLES_A_CANDLE);
  }
});

/** As it is deployed. */
const DEPLOYED_MS = 60_000;

test('C9 whatever it waits for, the function answers before its own time is up, and hands back what it did not get to', async () => {
  await using folder = await temporaryFolder();
  await using silentStore = await startReceiver(() => 'silence');
  await using refusingStore = await startReceiver(() => ({ status: 400, body: 'out of order sample' }));
  await using slowLink = await startTcpFaultProxy(Number(refusingStore.url.port));
  slowLink.set({ kind: 'delay', ms: 500 });
  const slowlyRefusing = new URL(refusingStore.url);
  slowlyRefusing.port = String(slowLink.port);
  await using takingStore = await startReceiver();
  await using silentBucket = await startHttpServer(() => {});
  const bucket = {
    REJECTED_BUCKET: 'rejected',
    AWS_ENDPOINT_URL_S3: silentBucket.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const candles = Array.from({ length: 100 }, (_, index) =>
    recordOf(publishedCandle(endedMinute(), `S${index}USDT`), index),
  );
  const poison = Array.from({ length: 1500 }, (_, index) => rawRecord('%', index));
  const cases = {
    'a store that says nothing': [candles, silentStore.url, {}],
    'a store that refuses each of 1,400 samples, slowly': [candles, slowlyRefusing, {}],
    'a bucket that says nothing to 1,500 bad records': [poison, takingStore.url, bucket],
  } as const;
  const answers = await Promise.all(
    Object.entries(cases).map(async ([name, [records, { href }, env]]) => {
      const options = { folder: folder.path, remainingMs: DEPLOYED_MS, remoteWriteUrl: href, env };
      return [name, await invoke(eventOf(...records), options)] as const;
    }),
  );
  for (const [name, { leftMs, handedBack }] of answers) {
    expect(leftMs, name).toBeGreaterThan(0);
    // it used the time it had, and did not give up at once
    expect(leftMs, name).toBeLessThan(DEPLOYED_MS / 2);
    expect(handedBack.length, name).toBe(1);
  }
  expect((await readdir(join(folder.path, 'rejected'), { recursive: true })).length).toBeGreaterThan(0);
});

function twoPartitions() {
  return eventOf(
    recordOf(publishedCandle(endedMinute(), 'BTCUSDT'), 40),
    recordOf(publishedCandle(endedMinute(), 'ETHUSDT'), 7, 3),
  );
}

import { rm } from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import { CANDLE_METRICS } from '#domain/metrics.ts';
import { subscribeToReports } from '#lambdas/prometheus-consumer/report.ts';
import type { ConsumeReport } from '#lambdas/prometheus-consumer/report.ts';
import { endedMinute, eventOf } from '#test/lambdas/prometheus-consumer/events.ts';
import type { RawRecord } from '#test/lambdas/prometheus-consumer/events.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import { brokenEvent, brokenRecord, wholeRecord } from './broken-events.ts';
import { randomFrom } from './random.ts';

/** One event in so many carries whole records too: these cost two requests each. */
const WHOLE_IN = 8;
/** One event in so many is none at all. */
const NO_EVENT_IN = 20;
/** Documents are counted and put away this often. */
const EVENTS_A_ROUND = 2000;

/**
 * Calls the function's own handler with broken events, with whole records among them, and expects: no error but the one that
 * refuses what is no event; every record a candle or kept aside with a reason, and these counts to add up; every whole
 * one in the store with its value; nothing handed back.
 */
export async function fuzzEvents(events: number, seed: number) {
  const random = randomFrom(seed);
  await using folder = await temporaryFolder();
  await using receiver = await startReceiver();
  vi.stubEnv('REMOTE_WRITE_URL', receiver.url.href);
  vi.stubEnv('REMOTE_WRITE_AUTH', 'none');
  vi.stubEnv('REJECTED_FOLDER', folder.path);
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
  // Reads its environment when it is loaded.
  const { handler } = await import('#lambdas/prometheus-consumer/handler.ts');
  let report: ConsumeReport | undefined;
  const unsubscribe = subscribeToReports((published) => (report = published));

  const total = { events, refused: 0, records: 0, candles: 0, poison: 0, dropped: 0, kept: 0, whole: 0 };
  const reasons = new Set<string>();
  const expected = new Map<string, number>();
  const firstMs = endedMinute(50);
  let offset = 0;
  let keptInRound = 0;
  for (let event = 0; event < events; event++) {
    report = undefined;
    if (random.once(NO_EVENT_IN)) {
      const call = handler(brokenEvent(random, offset), CONTEXT);
      // oxlint-disable-next-line no-await-in-loop -- one invocation after the other, as Lambda does it
      await expect(call).rejects.toThrow(/^expected an event of Lambda's MSK source/);
      expect(report).toBeUndefined();
      total.refused += 1;
      continue;
    }
    const records = Array.from({ length: random.below(4) }, () => brokenRecord(random, offset++));
    const whole = random.once(WHOLE_IN) ? 1 + random.below(3) : 0;
    for (let one = 0; one < whole; one++) {
      const number = total.whole++;
      const [symbol, minute] = [`N${number % 1000}USDT`, Math.floor(number / 1000) % 45];
      const openMs = firstMs + minute * MINUTE_MS;
      const price = 1 + number / 1000;
      records.splice(
        random.below(records.length + 1),
        0,
        wholeRecord(symbol, openMs, String(price), offset++),
      );
      expected.set(`${CANDLE_METRICS.close} ${symbol} ${openMs + MINUTE_MS - 1}`, price);
    }
    // oxlint-disable-next-line no-await-in-loop -- as above
    const { batchItemFailures } = await handler(eventOf(...(records as RawRecord[])), CONTEXT); // broken on purpose
    const done = report as ConsumeReport | undefined; // set by the listener meanwhile
    if (done === undefined) throw new Error('expected a report of the invocation');
    const poison = sum(Object.values(done.poison));
    for (const reason of [...Object.keys(done.poison), ...done.dropped.map((one) => one.reason)])
      reasons.add(reason);
    expect(batchItemFailures).toEqual([]);
    expect(done.records).toBe(records.length);
    expect(done.candles + poison).toBe(done.records);
    expect([done.unsent, done.notKeptAside]).toEqual([0, 0]);
    expect(done.keptAside).toBeGreaterThanOrEqual(poison);
    total.records += done.records;
    total.candles += done.candles;
    total.poison += poison;
    total.dropped += sum(done.dropped.map(({ candles }) => candles));
    total.kept += done.keptAside;
    keptInRound += done.keptAside;
    if (event % EVENTS_A_ROUND === EVENTS_A_ROUND - 1 || event === events - 1) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await takeDocuments(folder.path)).toBe(keptInRound);
      keptInRound = 0;
    }
  }
  unsubscribe();
  expect([...expected].filter(([sample, value]) => receiver.stored.get(sample) !== value)).toEqual([]);
  return { ...total, reasons: [...reasons].toSorted(), neighbours: expected.size };
}

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 };

function sum(counts: readonly (number | undefined)[]): number {
  return counts.reduce<number>((all, count) => all + (count ?? 0), 0);
}

/** How many documents are in the rejected store; it is empty afterwards. */
async function takeDocuments(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  return names.filter((name) => name.endsWith('.json')).length;
}

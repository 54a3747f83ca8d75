import { compress } from 'snappyjs';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { LIVE_RULES } from '#grafana/rules/live-rules.ts';
import { encodeWriteRequest } from '#remote-write/encode-write-request.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { endedMinute, eventOf, publishedCandle, recordOf } from '#test/lambdas/prometheus-consumer/events.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';
import { invoke } from './invocation.ts';
import { startRealStore } from './real-store.ts';

vi.setConfig({ testTimeout: 120_000 });

test('C11 a receiver that answers 204 and stores nothing, or nothing of one symbol, is found by the alerts that ask the store for what was written', async () => {
  await using folder = await temporaryFolder();
  await using store = await startRealStore(folder.path);
  await using liar = await startReceiver(() => ({ status: 204 }));
  const write = async (remoteWriteUrl: string, symbol: string) => {
    const event = eventOf(recordOf(publishedCandle(endedMinute(), symbol), 0));
    const { handedBack, report } = await invoke(event, { remoteWriteUrl, folder: folder.path });
    expect([handedBack, report.stored]).toEqual([[], 14]);
  };
  const found = (alert: string) => ask(store.url, alert);
  // the exporter has published both, of which the store knows by another way
  await tellAges(store.remoteWriteUrl, ['BTCUSDT', 'ETHUSDT']);

  await write(liar.url.href, 'BTCUSDT');
  expect(liar.requests).toHaveLength(2);
  expect(await found('CandlesStopped')).toHaveLength(1);
  expect(await found('SymbolNotStored')).toEqual(['BTCUSDT', 'ETHUSDT']);

  await write(store.remoteWriteUrl, 'ETHUSDT');
  expect(await found('CandlesStopped')).toEqual([]);
  expect(await found('SymbolNotStored')).toEqual(['BTCUSDT']);

  await write(store.remoteWriteUrl, 'BTCUSDT');
  expect(await found('SymbolNotStored')).toEqual([]);
});

async function tellAges(remoteWriteUrl: string, symbols: readonly string[]): Promise<void> {
  const { samples } = groupBySeries(
    symbols.map((symbol) => ({
      labels: seriesLabels({ __name__: EXPORTER_METRICS.lastCandleAge.name, symbol }),
      timestampMs: Date.now(),
      value: '30',
    })),
  );
  const { send } = createRemoteWrite(new URL(remoteWriteUrl), { kind: 'none' }, 'test');
  expect(await send(compress(encodeWriteRequest(samples)), 10_000)).toEqual({ kind: 'stored' });
}

/** The symbols that the alert's own question has the store name, an empty one where it is of all. */
async function ask(url: string, alert: string): Promise<readonly string[]> {
  const rule = LIVE_RULES.rules.find((one) => 'alert' in one && one.alert === alert);
  if (rule === undefined) throw new Error(`expected the alert ${alert}`);
  const query = new URLSearchParams({ query: rule.expr });
  const answer: unknown = await (await fetch(`${url}/api/v1/query?${query.toString()}`)).json();
  const { result } = answerSchema.parse(answer).data;
  return result.map(({ metric }) => metric.symbol ?? '').toSorted((a, b) => (a < b ? -1 : 1));
}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({ result: z.array(z.object({ metric: z.object({ symbol: z.string().optional() }) })) }),
});

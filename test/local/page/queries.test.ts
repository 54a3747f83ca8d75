import { expect, test } from 'vitest';
import { CONSUMER_METRICS, EXPORTER_METRICS } from '#domain/metrics.ts';
import { createMetrics } from '#local/event-source/metrics.ts';
import { buildQuery } from '#local/page/queries.ts';

const NOW = Date.parse('2026-11-22T12:34:56.789Z');
const build = (kind: 'instant' | 'range', parameters: Record<string, string>) =>
  buildQuery(kind, new URLSearchParams(parameters), NOW);

test('candles come as raw samples with their own times, so nothing can be smeared into an empty minute', () => {
  const query = build('instant', { name: 'candles', symbol: 'BTCUSDT', range: '2h' });
  expect(query).toMatchObject({ kind: 'instant', promql: expect.stringMatching(/^\{.*\}\[2h\]$/) });
  expect(query).toMatchObject({ promql: expect.stringContaining('symbol="BTCUSDT"') });
  expect(query).toMatchObject({ promql: expect.stringContaining('crypto_candle_close_price') });
});

test('a symbol in letters of another script is taken', () => {
  const query = build('instant', { name: 'candles', symbol: '币安人生USDT', range: '5m' });
  expect(query).toMatchObject({ promql: expect.stringContaining('symbol="币安人生USDT"') });
});

test.each([['BTC"} or up{job="x'], ['BTC\\'], ['BTC\nUSDT'], ['.*{}'], [''], ['A'.repeat(65)], ['BTC USDT']])(
  'the symbol %j is refused and never reaches a query',
  (symbol) => {
    for (const name of ['candles', 'latency']) {
      expect(build('instant', { name, symbol, range: '2h' })).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/^symbol: expected/),
      });
    }
    expect(build('range', { name: 'freshness', symbol, range: '2h' })).toMatchObject({ kind: 'refused' });
  },
);

test.each([
  ['a free query', { query: 'up' }, /^name: expected one of candles/],
  ['an unknown name', { name: 'up' }, /^name: expected one of .*, got "up"/],
  ['a range of its own', { name: 'candles', symbol: 'BTCUSDT', range: '30d' }, /^range: expected one of 5m/],
  ['a property of every object', { name: 'candles', symbol: 'BTCUSDT', range: 'toString' }, /^range:/],
  ['a further parameter', { name: 'pipeline', query: 'up' }, /got "query"$/],
  ['a query of the other endpoint', { name: 'freshness', symbol: 'BTCUSDT', range: '2h' }, /^name:/],
])('%s is refused with what was expected', (_, parameters, reason) => {
  expect(build('instant', parameters)).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
});

test('latency of all pairs is asked at the last millisecond of each minute, over less than a minute', () => {
  expect(build('range', { name: 'latency-all', range: '2h' })).toMatchObject({
    kind: 'range',
    promql: expect.stringContaining('[59s]'),
    startMs: Date.parse('2026-11-22T10:33:59.999Z'),
    endMs: Date.parse('2026-11-22T12:33:59.999Z'),
    stepSeconds: 60,
  });
});

test('freshness is asked at the same instants whenever it is asked, so that answers overlap', () => {
  const query = build('range', { name: 'freshness', symbol: 'BTCUSDT', range: '5m' });
  expect(query).toMatchObject({ endMs: Date.parse('2026-11-22T12:34:45.000Z'), stepSeconds: 15 });
});

test('the pipeline query names every metric of the exporter but the one that has a series per symbol', () => {
  const query = build('instant', { name: 'pipeline' });
  const asked = /"(.*)"/.exec(query.kind === 'instant' ? query.promql : '')?.[1]?.split('|') ?? [];
  const { lastCandleAge, ...others } = EXPORTER_METRICS;
  expect(asked).toEqual(expect.arrayContaining(Object.values(others).map(({ name }) => name)));
  expect(asked).not.toContain(lastCandleAge.name);
});

test('the numbers of the consumer that the page asks for are ones that the event source has', async () => {
  const text = await createMetrics().registry.metrics();
  const names = Object.values(CONSUMER_METRICS).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(text).toContain(`# TYPE ${name} `);
});

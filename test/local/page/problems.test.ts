import { expect, test } from 'vitest';
import { MINUTE_MS } from '#domain/candle.ts';
import type { Part } from '#local/page/answers.ts';
import { toPipelineNumbers } from '#local/page/pipeline.ts';
import { findProblems } from '#local/page/problems.ts';
import type { Observed } from '#local/page/problems.ts';

const NOW = Date.parse('2026-11-22T12:30:30.000Z');
const running = (name: string): Part => ({ name, state: 'running' });

const WELL: Observed = {
  serverAnswers: true,
  store: { kind: 'series', nowMs: NOW, series: [] },
  ready: { kind: 'exporter', ready: true, reasons: [], connections: 1, symbols: 1, staleSymbols: [] },
  state: {
    kind: 'state',
    ready: true,
    source: 'replay',
    startedAt: '2026-11-22T12:00:00.000Z',
    parts: ['kafka', 'exporter'].map(running),
  },
  pipeline: toPipelineNumbers([]),
  symbol: 'BTCUSDT',
  newestOpenMs: Date.parse('2026-11-22T12:29:00.000Z'),
  advancing: false,
  nowMs: NOW,
  alerts: { kind: 'alerts', alerts: [] },
  overview: undefined,
  dbt: undefined,
};

const up = (job: string, value: string) => ({
  labels: { __name__: 'up', job },
  samples: [[NOW, value] as const],
});

const titles = (change: Partial<Observed>) => findProblems({ ...WELL, ...change }).map(({ title }) => title);

function withPart(part: Part): Partial<Observed> {
  return { state: { kind: 'state', ready: false, source: 'replay', startedAt: '', parts: [part] } };
}

test('nothing is said while all is well, nor before the first answers are in', () => {
  expect(titles({})).toEqual([]);
  expect(titles({ store: undefined, ready: undefined, state: undefined, pipeline: undefined })).toEqual([]);
});

test('a lost server is the one thing said, since nothing else is known any more', () => {
  expect(titles({ serverAnswers: false, ...withPart({ name: 'kafka', state: 'failed' }) })).toEqual([
    'The page has lost its server',
  ]);
});

test('Prometheus away is said with its address and the cause', () => {
  const store = {
    kind: 'unreachable',
    url: 'http://127.0.0.1:1',
    detail: 'the connection was refused',
  } as const;
  expect(findProblems({ ...WELL, store })).toEqual([
    {
      severity: 'error',
      title: 'Prometheus can’t be reached',
      detail: expect.stringContaining('http://127.0.0.1:1: the connection was refused'),
    },
  ]);
});

test('an exporter that is not ready is said with its reasons', () => {
  const ready = {
    kind: 'exporter',
    ready: false,
    reasons: ['Kafka does not answer', 'BTCUSDT is late'],
    connections: 0,
    symbols: 1,
    staleSymbols: [],
  } as const;
  expect(findProblems({ ...WELL, ready })).toMatchObject([
    { title: 'The exporter is not ready', detail: 'Kafka does not answer; BTCUSDT is late.' },
  ]);
});

test.each([
  ['failed', 'Kafka has failed'],
  ['stopped', 'Kafka is stopped'],
  ['restarting', 'Kafka is restarting'],
  ['starting', 'Kafka is starting'],
] as const)('a part that is %s is named', (state, title) => {
  expect(titles(withPart({ name: 'kafka', state }))).toEqual([title]);
});

test('an exporter that is down is named once, by its part or by itself', () => {
  const ready = {
    kind: 'unreachable',
    url: 'http://127.0.0.1:2',
    detail: 'the connection was refused',
  } as const;
  expect(titles({ ready })).toEqual(['The exporter can’t be reached']);
  expect(titles({ ready, ...withPart({ name: 'exporter', state: 'failed' }) })).toEqual([
    'Exporter has failed',
  ]);
});

test('a state file that is not there is said, and why', () => {
  const state = { kind: 'unknown', detail: 'there is no .local/state.json' } as const;
  expect(findProblems({ ...WELL, state })).toMatchObject([
    { title: 'The state of the parts is not known', detail: 'there is no .local/state.json.' },
  ]);
});

test('a job that Prometheus can not scrape is named', () => {
  const pipeline = toPipelineNumbers([up('consumer', '0'), up('ohlc-exporter', '1')]);
  expect(titles({ pipeline })).toEqual(['The numbers of the consumer are missing']);
});

const alert = (name: string, severity: string, state: 'active' | 'inhibited' = 'active') => ({
  name,
  severity,
  state,
  summary: '',
  description: '',
  sinceMs: NOW,
  dashboard: undefined,
  runbook: undefined,
  inhibitedBy: [],
});

test('alerts that fire are named, but for news of the market and what nobody is told of', () => {
  const said = (...alerts: ReturnType<typeof alert>[]) =>
    findProblems({ ...WELL, alerts: { kind: 'alerts', alerts } });
  expect(said(alert('PriceMoved', 'info'), alert('SymbolStale', 'warning', 'inhibited'))).toEqual([]);
  expect(said(alert('SymbolStale', 'warning'), alert('SymbolStale', 'warning'))).toEqual([
    {
      severity: 'warning',
      title: 'An alert fires',
      detail: 'SymbolStale: what it means and what to do is under Alerts.',
    },
  ]);
  expect(said(alert('CandlesStopped', 'critical'), alert('ClockOff', 'warning'))).toMatchObject([
    { severity: 'error', title: 'Alerts fire', detail: expect.stringContaining('CandlesStopped, ClockOff:') },
  ]);
});

test('an Alertmanager that is away is told once, by its part or by itself', () => {
  const alerts = {
    kind: 'unreachable',
    url: 'http://127.0.0.1:3',
    detail: 'the connection was refused',
  } as const;
  expect(titles({ alerts })).toEqual(['Alertmanager can’t be reached']);
  expect(titles({ alerts, ...withPart({ name: 'alertmanager', state: 'failed' }) })).toEqual([
    'Alertmanager has failed',
  ]);
});

test('data is stale from two minutes after the last close on, to the millisecond', () => {
  const newestOpenMs = NOW - 3 * MINUTE_MS;
  const staleAt = newestOpenMs + MINUTE_MS - 1 + 2 * MINUTE_MS;
  expect(titles({ newestOpenMs, nowMs: staleAt })).toEqual([]);
  expect(titles({ newestOpenMs, nowMs: staleAt + 1 })).toEqual(['The data of BTCUSDT is stale']);
});

test('old data that moves is catching up, not stale; none at all is said so', () => {
  expect(titles({ newestOpenMs: NOW - 30 * MINUTE_MS, advancing: true })).toEqual(['Catching up']);
  expect(titles({ newestOpenMs: undefined })).toEqual(['No candles of BTCUSDT yet']);
});

test('a problem keeps its words while it lasts, so that it is read out once', () => {
  const at = (nowMs: number) => findProblems({ ...WELL, newestOpenMs: NOW - 30 * MINUTE_MS, nowMs });
  expect(at(NOW).length).toBe(1);
  expect(at(NOW + 60_000)).toEqual(at(NOW));
});

test('a warehouse that can not be read is told, unless the part itself has been named as down', () => {
  const overview = { kind: 'failing', detail: 'the connection was refused' } as const;
  expect(titles({ overview })).toEqual(['The warehouse can’t be read']);
  const down = withPart({ name: 'warehouse', state: 'failed' });
  expect(titles({ overview, ...down })).toEqual(['Warehouse (a Snowflake emulator on DuckDB) has failed']);
  expect(titles({ overview: { kind: 'off' } })).toEqual([]);
  expect(titles({ overview: { kind: 'waiting', detail: 'the models are not built yet' } })).toEqual([]);
});

test('a model run with failures is told, one with warnings is not', () => {
  const counts = { passed: 3, warned: 1, failed: 0, skipped: 0 };
  const run = {
    dag: 'market_models',
    endedMs: 0,
    durationSeconds: 30,
    models: counts,
    tests: counts,
    troubled: [],
  };
  expect(titles({ dbt: { kind: 'runs', runs: [run] } })).toEqual([]);
  const failed = { ...run, tests: { ...counts, failed: 2 } };
  expect(titles({ dbt: { kind: 'runs', runs: [failed, run] } })).toEqual([
    'The last model run (market_models) had failures',
  ]);
});

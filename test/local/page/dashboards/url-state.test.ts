import { expect, test } from 'vitest';
import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import { linkTarget, linkUrl } from '#local/page/dashboards/link-url.ts';
import { describeRange, parseTime, resolveRange } from '#local/page/dashboards/time-range.ts';
import { readState, writeState } from '#local/page/dashboards/url-state.ts';
import { chooseValues, orderOptions } from '#local/page/dashboards/variable-options.ts';

const NOW = new Date(2026, 0, 14, 10, 30, 20, 5).getTime();
const dashboard = dashboardSchema.parse({
  uid: 'one',
  title: 'One',
  time: { from: 'now-3h', to: 'now' },
  refresh: '30s',
  panels: [],
  templating: {
    list: [
      { type: 'datasource', name: 'datasource', query: 'prometheus' },
      { type: 'query', name: 'symbol', multi: true, query: 'label_values(symbol)' },
    ],
  },
});

test('an address without anything shows what the dashboard says', () => {
  expect(readState('', dashboard, NOW)).toEqual({
    range: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    values: {},
  });
});

test('an address holds everything, and says it again in Grafana’s words', () => {
  const search = '?var-symbol=A%26B&var-symbol=%E5%B8%81&from=now-15m&to=now&refresh=';
  const state = readState(search, dashboard, NOW);
  expect(state).toEqual({
    range: { from: 'now-15m', to: 'now' },
    refresh: '',
    values: { symbol: ['A&B', '币'] },
  });
  expect(writeState(state, dashboard)).toBe(search);
});

test.each(['?from=yesterday', '?from=now&to=now-1h', '?from=now-1h%2Fq'])(
  'a range that can’t be read, %s, is the dashboard’s own',
  (search) => {
    expect(readState(search, dashboard, NOW).range).toEqual({ from: 'now-3h', to: 'now' });
  },
);

test.each([
  ['now', 'start', NOW],
  ['now-90m', 'start', NOW - 5_400_000],
  ['now/d', 'start', new Date(2026, 0, 14).getTime()],
  ['now/d', 'end', new Date(2026, 0, 15).getTime() - 1],
  ['now-1d/d', 'end', new Date(2026, 0, 14).getTime() - 1],
  ['now/w', 'start', new Date(2026, 0, 11).getTime()],
  ['now-1M/M', 'start', new Date(2025, 11, 1).getTime()],
  ['now/y', 'start', new Date(2026, 0, 1).getTime()],
  ['now/h', 'start', new Date(2026, 0, 14, 10).getTime()],
  ['1700000000000', 'start', 1_700_000_000_000],
  ['2026-01-02T03:04:05Z', 'start', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02 03:04', 'start', new Date(2026, 0, 2, 3, 4).getTime()],
  ['tomorrow', 'start', undefined],
  ['now-1h-1m', 'start', undefined],
] as const)('%s as a %s is the time it says', (text, edge, expected) => {
  expect(parseTime(text, NOW, edge)).toBe(expected);
});

test('a range runs forwards, and is described in words', () => {
  expect(resolveRange({ from: 'now-1h', to: 'now' }, NOW)).toEqual({ fromMs: NOW - 3_600_000, toMs: NOW });
  expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW)).toBeUndefined();
  expect(describeRange({ from: 'now-1h', to: 'now' }, iso)).toBe('Last 1 hour');
  expect(describeRange({ from: 'now-15m', to: 'now' }, iso)).toBe('Last 15 minutes');
  expect(describeRange({ from: '0', to: 'now' }, iso)).toBe('1970-01-01T00:00:00.000Z to now');
});

test('options are ordered as the variable says, and filtered', () => {
  const values = ['b10', 'B2', 'a', 'a', 'b9'];
  const order = (sort: number, regex = '') => orderOptions({ sort, regex }, values);
  expect(order(0)).toEqual(['b10', 'B2', 'a', 'b9']);
  expect(order(1)).toEqual(['B2', 'a', 'b10', 'b9']);
  expect(order(2)).toEqual(['b9', 'b10', 'a', 'B2']);
  expect(order(7)).toEqual(['a', 'B2', 'b9', 'b10']);
  expect(order(3, '/b(\\d+)/i')).toEqual(['2', '9', '10']);
});

test('the address chooses first, then the dashboard, then the order', () => {
  const plain = { multi: false, includeAll: false, current: undefined };
  expect(chooseValues(plain, ['A', 'B'], ['C', 'D'])).toEqual(['C']);
  expect(chooseValues({ ...plain, multi: true }, ['A'], ['C', 'D'])).toEqual(['C', 'D']);
  expect(chooseValues({ ...plain, current: { value: 'B' } }, ['A', 'B'], undefined)).toEqual(['B']);
  expect(chooseValues({ ...plain, current: { value: 'gone' } }, ['A', 'B'], undefined)).toEqual(['A']);
  expect(chooseValues({ ...plain, includeAll: true }, ['$__all', 'A'], undefined)).toEqual(['$__all']);
  expect(chooseValues(plain, [], undefined)).toEqual([]);
});

const context = { dashboard, values: { symbol: ['A&B'] }, range: { from: 'now-1h', to: 'now' } };
const config = { mappings: [], links: [], custom: {} };
const symbols = {
  type: 'string',
  name: 'symbol',
  displayName: 'Symbol',
  labels: { side: 'x y' },
  config,
  values: ['币#1'],
} as const;
const at = { frame: { refId: 'A', length: 1, stepMs: undefined, fields: [symbols] }, field: symbols, row: 0 };

test.each([
  [
    '/d/two?var-symbol=${__data.fields.symbol}&${__url_time_range}',
    '/d/two?var-symbol=%E5%B8%81%231&from=now-1h&to=now',
  ],
  ['/d/two?var-symbol=${__data.fields["Symbol"]}', '/d/two?var-symbol=%E5%B8%81%231'],
  ['/d/two?v=${__value.raw}&s=${__field.labels.side}', '/d/two?v=%E5%B8%81%231&s=x%20y'],
  ['/d/two?${__all_variables}', '/d/two?var-symbol=A%26B'],
  ['/d/two?${symbol:queryparam}', '/d/two?var-symbol=A%26B'],
  ['/d/two?s=$symbol&from=${__from}', '/d/two?s=A%26B&from=now-1h'],
  ['javascript:alert(1)', ''],
  ['//elsewhere.example/', ''],
])('the link %s leads to %s', (template, expected) => {
  expect(linkUrl(template, context, at)).toBe(expected);
});

test('a dashboard’s link carries variables and time along', () => {
  const link = { url: '/d/two', includeVars: true, keepTime: true };
  expect(linkTarget(link, context)).toBe('/d/two?var-symbol=A%26B&from=now-1h&to=now');
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

import { expect, test } from 'vitest';
import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import { ALL, interpolatePromql, interpolateText } from '#local/page/dashboards/interpolate.ts';

const { templating } = dashboardSchema.parse({
  uid: 'one',
  title: 'One',
  panels: [],
  templating: {
    list: [
      { type: 'query', name: 'symbol', query: 'label_values(symbol)' },
      { type: 'query', name: 'many', multi: true, includeAll: true, query: 'label_values(symbol)' },
      { type: 'query', name: 'some', includeAll: true, allValue: 'A.*', query: 'label_values(symbol)' },
      { type: 'custom', name: 'window', query: '5m,1 hour : 1h' },
    ],
  },
});

function promql(expr: string, values: Readonly<Record<string, readonly string[]>>) {
  return interpolatePromql(expr, {
    variables: templating.list,
    values,
    builtIn: { __interval: '60s', __interval_ms: '60000', __rate_interval: '240s', __range_s: '3600' },
  });
}

test.each([
  ['up{s="$symbol"}', ['BTCUSDT'], 'up{s="BTCUSDT"}'],
  ["up{s='${symbol}'}", ['币安人生USDT'], "up{s='币安人生USDT'}"],
  ['up{s=~"${symbol:regex}"}', ['A.B'], String.raw`up{s=~"A\\.B"}`],
  ['up{s="$symbol"}', ['x"} or vector(1) #'], String.raw`up{s="x\x22} or vector(1) #"}`],
  ["up{s='$symbol'}", ["x'} or vector(1) #"], String.raw`up{s='x\x27} or vector(1) #'}`],
  ['up{s="$symbol"}', ['end\\'], String.raw`up{s="end\\"}`],
  ['up{s="$symbol"}', ['two\nlines'], String.raw`up{s="two\nlines"}`],
  ['up{a="\\"", s="$symbol"}', ['B'], String.raw`up{a="\"", s="B"}`],
  ['up{a=~"x$", s="$symbol"}', ['$__interval'], 'up{a=~"x$", s="$__interval"}'],
])('%s with %j is the literal match of it', (expr, symbol, expected) => {
  expect(promql(expr, { symbol })).toEqual({ kind: 'promql', promql: expected });
});

test.each([
  [['A', 'B'], '(A|B)'],
  [['A'], 'A'],
  [['A|B', 'C'], String.raw`(A\\|B|C)`],
  [['x"} or vector(1) #'], String.raw`x\x22\\} or vector\\(1\\) #`],
  [[ALL], '.*'],
])('several values are a pattern of just them: %j', (many, expected) => {
  expect(promql('up{s=~"$many"}', { many })).toEqual({ kind: 'promql', promql: `up{s=~"${expected}"}` });
});

test('all values are what the dashboard says they are', () => {
  expect(promql('up{s=~"$some"}', { some: [ALL] })).toEqual({ kind: 'promql', promql: 'up{s=~"A.*"}' });
});

test('the step and the range go into the query, and what is no variable stays', () => {
  const expr = 'rate(a[$__rate_interval]) + b[${__interval}] * $__interval_ms / $__range_s, "$1"';
  expect(promql(expr, {})).toEqual({
    kind: 'promql',
    promql: 'rate(a[240s]) + b[60s] * 60000 / 3600, "$1"',
  });
});

test.each([
  ['up + $symbol', { symbol: ['1'] }, 'between " or \''],
  ['up{s=`$symbol`}', { symbol: ['1'] }, 'between " or \''],
  ['up{s="${symbol:raw}"}', { symbol: ['1'] }, 'no format or regex'],
  ['up{s="$symbol"}', {}, 'expected a value of the variable symbol, got none'],
  ['rate(a[$window])', { window: ['1m]) or vector(1'] }, 'window: expected one of 5m, 1h'],
])('%s with %j is refused', (expr, values, reason) => {
  expect(promql(expr, values)).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
});

test('a value that the dashboard lists may stand outside of a string', () => {
  expect(promql('rate(a[$window])', { window: ['1h'] })).toEqual({ kind: 'promql', promql: 'rate(a[1h])' });
});

test('text for people has the values in words, and addresses have them as parameters', () => {
  const values = { symbol: ['A&B', 'C'], many: [ALL] };
  expect(interpolateText('$symbol of ${many}, $other', values)).toBe('A&B + C of All, $other');
  expect(interpolateText('/d/x?${symbol:queryparam}', values)).toBe('/d/x?var-symbol=A%26B&var-symbol=C');
});

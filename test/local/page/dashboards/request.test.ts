import { expect, test } from 'vitest';
import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import {
  buildAnnotationRequest,
  buildPanelRequest,
  buildVariableRequest,
  parseAsked,
} from '#local/page/dashboards/request.ts';

const gridPos = { x: 0, y: 0, w: 24, h: 4 };
const dashboards = new Map([
  [
    'one',
    dashboardSchema.parse({
      uid: 'one',
      title: 'One',
      annotations: { list: [{ name: 'Gaps', expr: 'gaps{s="$symbol"} > 0' }] },
      templating: {
        list: [
          { type: 'query', name: 'symbol', query: { query: 'label_values(price{a="b,c"}, symbol)' } },
          { type: 'query', name: 'any', query: 'label_values(symbol)' },
          { type: 'query', name: 'odd', query: 'query_result(up)' },
        ],
      },
      panels: [
        {
          id: 7,
          type: 'timeseries',
          gridPos,
          targets: [
            { refId: 'A', expr: 'price{s="$symbol"}', range: true },
            { refId: 'B', expr: 'now', instant: true },
          ],
        },
      ],
    }),
  ],
]);

const FROM = Date.UTC(2026, 0, 1);
const USUAL = {
  dashboard: 'one',
  panel: '7',
  ref: 'A',
  kind: 'range',
  points: '400',
  from: String(FROM + 7),
  to: String(FROM + 3_600_007),
  'var-symbol': 'BTCUSDT',
};

function asked(change: Readonly<Record<string, string>>) {
  return parseAsked(new URLSearchParams({ ...USUAL, ...change }), dashboards);
}

function request(change: Readonly<Record<string, string>> = {}) {
  const parsed = asked(change);
  return parsed.kind === 'refused' ? parsed : buildPanelRequest(parsed);
}

test('a panel is asked its own expression, aligned to its step', () => {
  expect(request()).toEqual({
    kind: 'range',
    promql: 'price{s="BTCUSDT"}',
    startMs: FROM,
    endMs: FROM + 3_600_000,
    stepMs: 15_000,
  });
});

test('an instant query is asked at the very end of the range', () => {
  expect(request({ ref: 'B', kind: 'instant' })).toEqual({
    kind: 'instant',
    promql: 'now',
    timeMs: FROM + 3_600_007,
  });
});

test('PromQL in the address is not taken', () => {
  const built = request({ expr: 'up', query: 'up', promql: 'up' });
  expect(built).toMatchObject({ promql: 'price{s="BTCUSDT"}' });
});

test.each([
  [{ dashboard: '../one' }, 'dashboard: expected one of one, got "../one"'],
  [{ panel: '8' }, 'panel: expected the number of a panel of one, got "8"'],
  [{ ref: 'C' }, 'ref: expected A or B, got "C"'],
  [{ kind: 'instant' }, 'kind: expected range, got "instant"'],
  [{ points: '0' }, 'points: expected a number of points, got "0"'],
  [{ points: '1e9' }, 'points: expected a number of points, got "1e9"'],
  [{ from: 'now-1h' }, 'from: expected milliseconds since 1970, got "now-1h"'],
  [{ to: '1' }, `to: expected a time after from (${FROM + 7}), got "1"`],
  [{ offset: 'x' }, 'offset: expected minutes east of UTC, got "x"'],
])('%j is refused in words', (change, reason) => {
  expect(request(change)).toEqual({ kind: 'refused', reason });
});

test('a variable is asked as values of its label, and nothing but that is known', () => {
  expect(build('symbol')).toEqual({ kind: 'label', label: 'symbol', selector: 'price{a="b,c"}' });
  expect(build('any')).toEqual({ kind: 'label', label: 'symbol', selector: undefined });
  expect(build('odd')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('label_values(metric, label)'),
  });
});

test('an annotation is asked once a minute', () => {
  const parsed = asked({ annotation: 'Gaps' });
  expect(parsed.kind === 'refused' ? parsed : buildAnnotationRequest(parsed)).toEqual({
    kind: 'range',
    promql: 'gaps{s="BTCUSDT"} > 0',
    startMs: FROM,
    endMs: FROM + 3_600_000,
    stepMs: 60_000,
  });
});

function build(name: string) {
  const parsed = asked({ name });
  return parsed.kind === 'refused' ? parsed : buildVariableRequest(parsed);
}

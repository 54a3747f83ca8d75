import { expect, test } from 'vitest';
import { dashboardSchema } from '#local/page/dashboards/dashboard-schema.ts';
import type { Frame } from '#local/page/dashboards/frame.ts';
import { configure } from '#local/page/dashboards/frames/configure.ts';
import { toFrames } from '#local/page/dashboards/frames/to-frames.ts';
import type { TargetResult } from '#local/page/dashboards/frames/to-frames.ts';
import { transform } from '#local/page/dashboards/frames/transform.ts';

type Samples = readonly (readonly [number, string])[];

function result(
  target: Partial<TargetResult['target']>,
  ...series: readonly (readonly [Readonly<Record<string, string>>, Samples])[]
): TargetResult {
  return {
    target: { refId: 'A', expr: 'up', format: 'time_series', legendFormat: '', ...target },
    stepMs: 15,
    series: series.map(([labels, samples]) => ({ labels, samples })),
  };
}

function bought(symbol: string) {
  return [{ __name__: 'm', side: 'buy', symbol }, [[0, '1']]] satisfies [object, Samples];
}

function bucket(le: string, ...counts: readonly string[]) {
  return [{ le }, counts.map((count, i) => [i, count] as const)] satisfies [object, Samples];
}

function instantTable(refId: string, samples: Samples): TargetResult {
  return result({ refId, format: 'table' }, [{}, samples]);
}

function withLegend(refId: string): TargetResult {
  return result({ refId, legendFormat: `of ${refId}` }, [{}, [[0, '1']]]);
}

function bySymbol(refId: string, values: Readonly<Record<string, string>>): TargetResult {
  const series = Object.entries(values).map(([symbol, value]) => [{ symbol }, [[0, value]]] as const);
  return result({ refId, format: 'table' }, ...series);
}

/** A frame as columns by name, which is easier to read. */
function columns({ fields }: Frame) {
  return Object.fromEntries(fields.map(({ name, values }) => [name, values]));
}

function names(frames: readonly Frame[]) {
  return frames.flatMap(({ fields }) => fields.map(({ displayName }) => displayName));
}

const apply = (frames: readonly Frame[], id: string, options = {}) =>
  transform(frames, [{ id, options, disabled: false }]);

test('each series over time is a frame, with numbers as numbers and no row where there is no sample', () => {
  const frames = toFrames(
    [
      result({}, [
        { a: 'b' },
        [
          [15, '1.5'],
          [45, 'NaN'],
          [60, '+Inf'],
          [75, '-Inf'],
        ],
      ]),
    ],
    {},
  );
  expect(frames.map(columns)).toEqual([{ Time: [15, 45, 60, 75], Value: [1.5, NaN, Infinity, -Infinity] }]);
  expect(frames[0]?.stepMs).toBe(15);
});

test.each([
  ['{{symbol}} of {{ other }}!', 'BTC of !'],
  ['price of $s', 'price of now'],
  ['', 'm{side="buy", symbol="BTC"}'],
  ['__auto', 'BTC'],
])('the legend %j is written %j', (legendFormat, expected) => {
  const frames = toFrames([result({ legendFormat }, bought('BTC'), bought('ETH'))], { s: ['now'] });
  expect(names(frames)[1]).toBe(expected);
});

test('a series without labels and legend bears its query', () => {
  expect(names(toFrames([result({ expr: 'sum(a)' }, [{}, [[0, '1']]])], {}))).toEqual(['Time', 'sum(a)']);
});

test('tables have a column per label and tell their values apart when there are several', () => {
  const first = result(
    { format: 'table' },
    [{ symbol: 'A' }, [[0, '1']]],
    [{ symbol: 'B', x: 'y' }, [[0, '2']]],
  );
  expect(toFrames([first], {}).map(columns)).toEqual([
    { Time: [0, 0], symbol: ['A', 'B'], x: ['', 'y'], Value: [1, 2] },
  ]);
  const second = result({ format: 'table', refId: 'B' }, [{ symbol: 'A' }, [[0, '3']]]);
  expect(toFrames([first, second], {}).map(({ fields }) => fields.at(-1)?.name)).toEqual([
    'Value #A',
    'Value #B',
  ]);
});

test('buckets are in the order of their bounds and count only their own', () => {
  const frames = toFrames(
    [result({ format: 'heatmap' }, bucket('+Inf', '10', '9'), bucket('0.5', '3', '4'), bucket('10', '7'))],
    {},
  );
  expect(frames.map(({ fields }) => fields.map(({ name }) => name))).toEqual([['Time', '0.5', '10', '+Inf']]);
  expect(columns(frames[0] ?? { refId: '', length: 0, stepMs: 0, fields: [] })).toEqual({
    Time: [0, 1],
    '0.5': [3, 4],
    '10': [4, null],
    '+Inf': [3, 9],
  });
});

test('joining by time keeps each time once, in order, with nothing where one has none', () => {
  const frames = toFrames(
    [
      instantTable('A', [
        [60, '2'],
        [0, '1'],
      ]),
      instantTable('B', [
        [60, '3'],
        [120, '4'],
      ]),
    ],
    {},
  );
  const joined = apply(frames, 'joinByField', { byField: 'Time', mode: 'outer' });
  expect(joined.map(columns)).toEqual([
    { Time: [0, 60, 120], 'Value #A': [1, 2, null], 'Value #B': [null, 3, 4] },
  ]);
  expect(apply(frames, 'joinByField', { byField: 'Time', mode: 'inner' }).map(columns)).toEqual([
    { Time: [60], 'Value #A': [2], 'Value #B': [3] },
  ]);
  expect(() => apply(frames, 'joinByField', { mode: 'left' })).toThrow(
    'outer, outerTabular or inner, got "left"',
  );
});

test('series that are joined are told apart by their legends', () => {
  const joined = apply(toFrames([withLegend('A'), withLegend('B')], {}), 'joinByField');
  expect(joined.map(columns)).toEqual([{ Time: [0], 'of A': [1], 'of B': [1] }]);
});

function priceAndVolume(): readonly Frame[] {
  const price = bySymbol('A', { BTC: '1', ETH: '2' });
  return toFrames([price, bySymbol('B', { ETH: '20', SOL: '30' })], {});
}

test('merging makes one row of what agrees, and keeps what only one table has', () => {
  expect(apply(priceAndVolume(), 'merge').map(columns)).toEqual([
    { Time: [0, 0, 0], symbol: ['BTC', 'ETH', 'SOL'], 'Value #A': [1, 2, null], 'Value #B': [null, 20, 30] },
  ]);
});

test('merging two tables of the same column leaves what differs in rows of its own', () => {
  const [frame] = priceAndVolume();
  const again = frame && {
    ...frame,
    fields: frame.fields.map((f) => (f.type === 'number' ? { ...f, values: [1, 5] } : f)),
  };
  expect(
    apply(
      [frame, again].filter((f) => f !== undefined),
      'merge',
    ).map(columns),
  ).toEqual([{ Time: [0, 0, 0], symbol: ['BTC', 'ETH', 'ETH'], 'Value #A': [1, 2, 5] }]);
});

test('organizing leaves fields out, orders and renames them', () => {
  const organized = apply(apply(priceAndVolume(), 'merge'), 'organize', {
    excludeByName: { Time: true },
    indexByName: { 'Value #B': 0, symbol: 1 },
    renameByName: { 'Value #B': 'Volume' },
  });
  expect(names(organized)).toEqual(['Volume', 'symbol', 'Value #A']);
  expect(organized[0]?.fields.map(({ name }) => name)).toEqual(['Value #B', 'symbol', 'Value #A']);
});

test('a series table has a row per series with its labels and itself', () => {
  const frames = toFrames(
    [
      result(
        {},
        [
          { symbol: 'A' },
          [
            [0, '1'],
            [15, '3'],
          ],
        ],
        [{ symbol: 'B', x: 'y' }, [[0, '2']]],
      ),
    ],
    {},
  );
  const [table] = apply(frames, 'timeSeriesTable', { A: { stat: 'max' } });
  expect(table?.fields.map(({ name, type }) => [name, type])).toEqual([
    ['symbol', 'string'],
    ['x', 'string'],
    ['Trend #A', 'frame'],
  ]);
  expect(table?.fields.slice(0, 2).map(({ values }) => values)).toEqual([
    ['A', 'B'],
    [null, 'y'],
  ]);
  const trends = table?.fields.flatMap((field) => (field.type === 'frame' ? field.values : []));
  expect(trends?.map((trend) => [trend?.length, trend?.value])).toEqual([
    [2, 3],
    [1, 2],
  ]);
});

test('a transformation that is not known stops the panel', () => {
  expect(() => apply([], 'calculateField')).toThrow(
    'expected one of joinByField, timeSeriesTable, merge, organize, got calculateField',
  );
});

const panelWith = (
  overrides: readonly object[],
  defaults: object = { unit: 's', custom: { lineWidth: 1 } },
) =>
  dashboardSchema.parse({
    uid: 'one',
    title: 'One',
    panels: [
      { id: 1, type: 'table', gridPos: { x: 0, y: 0, w: 1, h: 1 }, fieldConfig: { defaults, overrides } },
    ],
  }).panels[0]?.fieldConfig ?? { defaults: { mappings: [], links: [], custom: {} }, overrides: [] };

const override = (id: string, options: unknown, properties: Readonly<Record<string, unknown>>) => ({
  matcher: { id, options },
  properties: Object.entries(properties).map(([name, value]) => ({ id: name, value })),
});

test.each([
  ['byName', 'Value #A', 's'],
  ['byRegexp', '/^value.*a$/i', 's'],
  ['byRegexp', 'Value #A', 's'],
  ['byFrameRefID', 'A', 'm'],
  ['byType', 'number', 's'],
])('an override %s %j is laid over the defaults', (id, options, others) => {
  const config = panelWith([override(id, options, { unit: 'm', 'custom.width': 90, displayName: 'Mine' })]);
  const [first] = configure(priceAndVolume(), config);
  const field = first?.fields.find(({ name }) => name === 'Value #A');
  expect(field?.config).toMatchObject({ unit: 'm', custom: { lineWidth: 1, width: 90 } });
  expect(field?.displayName).toBe('Mine');
  expect(first?.fields.find(({ name }) => name === 'symbol')?.config.unit).toBe(others);
});

test('a default name may hold labels, and a renaming is stronger than it', () => {
  const named = panelWith([], { displayName: '${__field.labels.symbol}!' });
  expect(names(configure(toFrames([result({}, [{ symbol: 'A' }, [[0, '1']]])], {}), named))[1]).toBe('A!');
  const renamed = apply(priceAndVolume(), 'organize', { renameByName: { 'Value #A': 'Price' } });
  expect(names(configure(renamed, named))).toContain('Price');
});

test('an override or a property that is not known stops the panel', () => {
  expect(() => configure(priceAndVolume(), panelWith([override('byValue', {}, {})]))).toThrow(
    'got "byValue"',
  );
  expect(() => configure([], panelWith([override('byName', 'a', { colour: 1 })]))).toThrow('got colour');
});

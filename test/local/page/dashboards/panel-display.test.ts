import { expect, test } from 'vitest';
import { between, cssColour, seriesColour } from '#local/page/browser/dashboards/colours.ts';
import { displayOf } from '#local/page/browser/dashboards/display.ts';
import { reduced } from '#local/page/browser/dashboards/reduce.ts';
import { boundsOf, stepsOf, thresholdColour } from '#local/page/browser/dashboards/scale.ts';
import { generatedPanels } from './generated-panels.ts';
import { numbers, START_MS, texts, times } from './panel-frames.ts';

const AROUND = { usual: 'thresholds', index: 0, timeZone: 'UTC' } as const;
const STEPS = [
  { value: null, color: 'green' },
  { value: 75, color: 'yellow' },
  { value: 120, color: 'red' },
];

test('a value has the colour of the last step that it has reached', () => {
  const { config } = numbers('x', [1], { thresholds: { mode: 'absolute', steps: STEPS } });
  const colours = [-5, 74.9, 75, 119, 120, 1e9].map((value) =>
    thresholdColour(config, { min: 0, max: 1 }, value),
  );
  expect(colours).toEqual(
    ['green', 'green', 'yellow', 'yellow', 'red', 'red'].map((name) => `var(--viz-${name})`),
  );
});

test('thresholds in percent lie between the bounds', () => {
  const steps = [
    { value: null, color: 'green' },
    { value: 50, color: 'yellow' },
  ];
  const { config } = numbers('x', [1], { thresholds: { mode: 'percentage', steps } });
  expect(stepsOf(config, { min: 20, max: 40 }).map(({ from }) => from)).toEqual([-Infinity, 30]);
});

test('without thresholds there are those of Grafana', () => {
  const { config } = numbers('x', [1]);
  expect([79, 80].map((value) => thresholdColour(config, { min: 0, max: 1 }, value))).toEqual([
    'var(--viz-green)',
    'var(--viz-red)',
  ]);
});

test('a mapping comes before unit, decimals and thresholds', () => {
  const field = numbers('state', [0, 1], {
    unit: 's',
    noValue: 'silent',
    mappings: [
      { type: 'value', options: { 0: { text: 'down', color: 'red' } } },
      { type: 'range', options: { from: 10, to: 20, result: { text: 'much' } } },
      { type: 'special', options: { match: 'nan', result: { text: 'none yet' } } },
    ],
  });
  const display = displayOf(field, AROUND);
  expect(display(0)).toMatchObject({ text: 'down', colour: 'var(--viz-red)' });
  expect([1, 15, 21, Number.NaN, null].map((value) => display(value).text)).toEqual([
    '1 s',
    'much',
    '21 s',
    'none yet',
    'silent',
  ]);
});

test('a pattern may keep a part of the text', () => {
  const mappings = [{ type: 'regex', options: { pattern: '/^(.*)USDT$/', result: { text: '$1' } } }];
  expect(displayOf(texts('symbol', [], { mappings }), AROUND)('BTCUSDT').text).toBe('BTC');
});

test('a time is written in the zone of the dashboard', () => {
  const display = displayOf(times([0]), { ...AROUND, timeZone: 'Asia/Tokyo' });
  expect(display(START_MS).text).toBe('2026-01-02 12:00:00');
});

test('a colour of a scale lies between its neighbours, and text in it stays readable', () => {
  expect(between(['green', 'yellow', 'red'], 0)).toBe('var(--viz-green)');
  expect(between(['green', 'yellow', 'red'], 1)).toBe('var(--viz-red)');
  expect(between(['green', 'yellow', 'red'], 0.75)).toBe(
    'color-mix(in oklab, var(--viz-red) 50.0%, var(--viz-yellow))',
  );
  const display = displayOf(numbers('x', [0, 10], { color: { mode: 'continuous-GrYlRd' } }), AROUND);
  expect(display(5)).toMatchObject({ colour: 'var(--viz-yellow)', textColour: 'var(--text)', share: 0.5 });
});

test('a fixed colour and the palette hold for every value', () => {
  const fixed = displayOf(numbers('x', [1], { color: { mode: 'fixed', fixedColor: '#123456' } }), AROUND);
  expect(fixed(1).colour).toBe('#123456');
  const field = numbers('x', [1]);
  const palette = displayOf(field, { ...AROUND, usual: 'palette-classic', index: 13 });
  expect(palette(1).colour).toBe(seriesColour(1));
});

test('colours and colour modes that are not known are errors that name them', () => {
  expect(() => cssColour('greenish')).toThrow(/got greenish/u);
  expect(() => displayOf(numbers('x', [1], { color: { mode: 'rainbow' } }), AROUND)(1)).toThrow(
    /got rainbow/u,
  );
});

test('bounds leave out what is missing or no finite number', () => {
  expect(boundsOf([numbers('x', [null, Number.NaN, 3, Infinity, -2])])).toEqual({ min: -2, max: 3 });
  expect(boundsOf([numbers('x', [null])])).toEqual({ min: 0, max: 100 });
});

test.each([
  ['lastNotNull', 4],
  ['last', null],
  ['firstNotNull', 3],
  ['first', 3],
  ['min', 1],
  ['max', 8],
  ['mean', 4],
  ['median', 3.5],
  ['sum', 16],
  ['count', 6],
  ['range', 7],
  ['diff', 1],
  ['diffperc', 1 / 3],
])('%s of a column with holes', (calc, expected) => {
  expect(reduced([3, null, 1, 8, 4, null], calc)).toBe(expected);
});

test('a calculation of nothing is nothing, and an unknown one an error', () => {
  expect(reduced([null], 'mean')).toBe(null);
  expect(() => reduced([1], 'mode')).toThrow(/got mode/u);
});

test('every colour of the committed dashboards is known', async () => {
  const colours = new Set((await generatedPanels()).flatMap(({ colours: used }) => used));
  expect(colours).toContain('red');
  for (const colour of colours) expect(cssColour(colour), colour).toMatch(/./u);
});

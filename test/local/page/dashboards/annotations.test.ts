import { expect, test } from 'vitest';
import { toAnnotations } from '#local/page/dashboards/frames/annotations.ts';

test('an annotation spans the samples above zero that are no further apart than its step', () => {
  const query = {
    name: 'Gap',
    enable: true,
    hide: false,
    iconColor: 'red',
    step: '1m',
    titleFormat: '',
    textFormat: '{{symbol}}',
    tagKeys: 'symbol',
  };
  const samples = [
    ['0', 0],
    ['1', 60_000],
    ['1', 120_000],
    ['0', 180_000],
    ['2', 300_000],
  ] as const;
  const series = [{ labels: { symbol: 'A' }, samples: samples.map(([value, ms]) => [ms, value] as const) }];
  expect(
    toAnnotations(query, series).map(({ timeMs, endMs, title, text, tags }) => [
      timeMs,
      endMs,
      title,
      text,
      tags,
    ]),
  ).toEqual([
    [60_000, 120_000, 'Gap', 'A', ['A']],
    [300_000, undefined, 'Gap', 'A', ['A']],
  ]);
});

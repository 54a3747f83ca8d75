import * as fc from 'fast-check';
import { Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { parseExposition } from '#fargate/metrics-forwarder/parse-exposition.ts';

test('lines with and without labels become samples, comments and blank lines do not', () => {
  const text = [
    '# HELP a_total What there is: {of="it"} 1',
    '# TYPE a_total counter',
    'a_total 7',
    '',
    'b{symbol="BTCUSDT"} 1.5e-3',
    'c{x="1",y="with space, comma and }",} -0',
    'd{} +Inf',
    'e NaN',
  ].join('\n');
  expect(parseExposition(`${text}\n`)).toEqual({
    samples: [
      { name: 'a_total', labels: {}, value: '7' },
      { name: 'b', labels: { symbol: 'BTCUSDT' }, value: '1.5e-3' },
      { name: 'c', labels: { x: '1', y: 'with space, comma and }' }, value: '-0' },
      { name: 'd', labels: {}, value: 'Infinity' },
      { name: 'e', labels: {}, value: 'NaN' },
    ],
    unreadable: [],
  });
});

test.each([
  '<html>',
  'a',
  'a{b="1"',
  'a{b=1} 2',
  'a{b="1",b="2"} 3',
  'a 0x10',
  '1a 2',
  'a{b="1"c="2"} 3',
  'a 1 2 3',
])('%s is told apart, and takes no neighbour with it', (line) => {
  expect(parseExposition(`ok 1\n${line}\nok 2\n`)).toEqual({
    samples: [
      { name: 'ok', labels: {}, value: '1' },
      { name: 'ok', labels: {}, value: '2' },
    ],
    unreadable: [line],
  });
});

test('whatever prom-client writes is read back, every label and every number', async () => {
  const labels = fc.string({
    unit: fc.constantFrom('a', 'Ü', '"', '\\', '\n', 'n', ',', '}', '{', '=', ' '),
  });
  const numbers = fc.double({ noNaN: false });
  await fc.assert(
    fc.asyncProperty(labels, labels, numbers, async (one, two, value) => {
      const registry = new Registry();
      const gauge = new Gauge({ name: 'g', help: 'a\nb', labelNames: ['one', 'two'], registers: [registry] });
      gauge.set({ one, two }, value);
      const { samples, unreadable } = parseExposition(await registry.metrics());
      expect(unreadable).toEqual([]);
      expect(samples.map((sample) => ({ ...sample, value: Number(sample.value) }))).toEqual([
        { name: 'g', labels: { one, two }, value: Object.is(value, -0) ? 0 : value },
      ]);
    }),
  );
});

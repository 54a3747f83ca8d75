import { expect, test } from 'vitest';
import { formatOf, withoutZeros, written } from '#local/page/browser/dashboards/units.ts';
import { generatedPanels } from './generated-panels.ts';

const NOW = Date.UTC(2026, 0, 2, 12);

function text(unit: string, value: number, decimals?: number): string {
  return written(withoutZeros(formatOf(unit)(value, decimals, NOW)));
}

// What Grafana 12 shows for the same.
test.each([
  ['none', 112_700.125, '112700'],
  ['none', 1.2345, '1.23'],
  ['none', 0.000_012_345, '0.0000123'],
  ['none', -0.0256, '-0.026'],
  ['short', 999, '999'],
  ['short', 1_000, '1 K'],
  ['short', 60_123.12, '60.1 K'],
  ['short', 2_250_000, '2.25 Mil'],
  ['short', -4_200_000_000, '-4.2 Bil'],
  ['percentunit', 0.1234, '12.3%'],
  ['percentunit', 0, '0%'],
  ['percent', 99.5, '99.5%'],
  ['currencyUSD', 12_500, '$12.5K'],
  ['s', 0.000_25, '250 µs'],
  ['s', 0.042, '42 ms'],
  ['s', 0, '0 s'],
  ['s', 59, '59 s'],
  ['s', 90, '1.5 min'],
  ['s', -7_200, '-2 hour'],
  ['s', 86_400, '1 day'],
  ['s', 691_200, '1.14 week'],
  ['ms', 1_500, '1.5 s'],
  ['cps', 1_234, '1.23K c/s'],
  ['reqps', 12, '12 req/s'],
  ['bytes', 1_536, '1.5 KiB'],
  ['decbytes', 1_500, '1.5 kB'],
  ['suffix:sigma', 2.5, '2.5 sigma'],
  ['dateTimeAsIso', NOW, '2026-01-02 12:00:00'],
  ['dateTimeFromNow', NOW - 44_000, 'a few seconds ago'],
  ['dateTimeFromNow', NOW - 60_000, 'a minute ago'],
  ['dateTimeFromNow', NOW - 5 * 60_000, '5 minutes ago'],
  ['dateTimeFromNow', NOW - 26 * 3_600_000, 'a day ago'],
])('%s writes %d as %s', (unit, value, expected) => {
  expect(text(unit, value)).toBe(expected);
});

test('decimals that are asked for are written out', () => {
  expect(written(formatOf('percentunit')(0.1, 2))).toBe('10.00%');
  expect(written(formatOf('none')(112_700, 2))).toBe('112700.00');
  expect(written(formatOf('none')(-0.001, 2))).toBe('0.00');
});

test('what is no number is said as what it is', () => {
  expect(text('s', Number.NaN)).toBe('NaN');
  expect(text('short', Number.POSITIVE_INFINITY)).toBe('∞');
  expect(text('short', Number.NEGATIVE_INFINITY)).toBe('-∞');
});

test('a unit that is not known is an error that names it', () => {
  expect(() => formatOf('parsecs')).toThrow(/got parsecs/u);
});

test('every unit of the committed dashboards can be written', async () => {
  const panels = await generatedPanels();
  const units = new Set(panels.flatMap(({ units: used }) => used));
  expect(units.size).toBeGreaterThan(3);
  for (const unit of units) expect(formatOf(unit)(1.5).text, unit).not.toBe('');
});

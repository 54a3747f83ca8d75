import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFloat64 } from '#remote-write/to-float64.ts';

const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^\\d{0,${maxLength}}$`));

test('a text becomes the float64 that Number makes of it, to the last bit', () => {
  const decimal = fc.tuple(digits(20), digits(18)).map(([whole, fraction]) => `${whole}.${fraction}`);
  const text = fc.oneof(decimal, digits(20), fc.double().map(String), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(text, (one) => {
      expect(toFloat64(one)).toBe(Number(one));
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  '',
  '.',
  '..',
  '1.2.3',
  '5.',
  '.5',
  '0',
  '-1.5',
  '1e5',
  ' 12 ',
  '0x10',
  'NaN',
  '999999999999999',
  '9007199254740993',
  '99999999999999.9',
])('%j too', (one) => expect(toFloat64(one)).toBe(Number(one)));

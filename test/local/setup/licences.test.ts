import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkLicences } from '#local/setup/licences.ts';

test('every package of the lock file has a licence that is allowed', () => {
  const lock: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8'),
  );
  const { accepted, refused } = checkLicences(lock);
  expect(refused).toEqual([]);
  expect(accepted).toBeGreaterThan(200);
});

test.each([
  ['GPL-3.0-or-later', {}],
  ['AGPL-3.0-only', { dev: true }],
  ['(MIT AND GPL-2.0-only)', { dev: true }],
  ['SEE LICENSE IN LICENSE.txt', {}],
  ['MPL-2.0', {}],
  [undefined, {}],
])('a package under %s is refused by its name', (license, use) => {
  const { accepted, refused } = checkLicences(lockOf({ version: '1.2.3', license, ...use }));
  expect(accepted).toBe(0);
  expect(refused).toEqual([expect.stringContaining('@scope/thing@1.2.3')]);
  expect(refused.join()).toContain(license ?? 'no licence');
});

test.each([
  ['MIT', {}],
  ['(MIT OR GPL-3.0-or-later)', {}],
  ['MPL-2.0', { dev: true }],
])('a package under %s is accepted', (license, use) => {
  const { accepted, refused } = checkLicences(lockOf({ version: '1.2.3', license, ...use }));
  expect([accepted, refused]).toEqual([1, []]);
});

function lockOf(thing: unknown) {
  return { packages: { '': {}, 'node_modules/other/node_modules/@scope/thing': thing } };
}

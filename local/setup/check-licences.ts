/** Holds the licences of the packages in package-lock.json, or in the file given, to those allowed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './folders.ts';
import { checkLicences } from './licences.ts';

const [, , file = join(ROOT, 'package-lock.json')] = process.argv;
const { accepted, refused } = checkLicences(JSON.parse(await readFile(file, 'utf8')));
for (const line of refused) console.error(line);
console.log(`${accepted} packages with a licence that is allowed, ${refused.length} without`);
process.exitCode = refused.length === 0 ? 0 : 1;

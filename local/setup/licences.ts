import * as z from 'zod';

export interface LicenceCheck {
  /** How many packages have one that is allowed. */
  readonly accepted: number;
  /** One line for each package that has not. */
  readonly refused: readonly string[];
}

/** Permissive: what is deployed may be passed on under them with no more than a notice. */
const ALLOWED: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];

/** Of tools on top: MPL binds only who passes changed files of theirs on. */
const ALLOWED_IN_TOOLS: readonly string[] = [...ALLOWED, 'MPL-2.0'];

/** Read in the package itself, where the lock file has none. */
const READ_IN_PACKAGE: Readonly<Record<string, string>> = {
  // in the field `licenses`, as was usual then
  'simple-lru-cache@0.0.2': 'MIT',
};

/** Holds every package of package-lock.json to the licences allowed for what is deployed, or for tools. */
export function checkLicences(packageLock: unknown): LicenceCheck {
  const packages = Object.entries(lockSchema.parse(packageLock).packages).filter(([path]) => path !== '');
  const refused = packages.flatMap(([path, { version, license, dev }]) => {
    const name = `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`;
    const licence = license ?? READ_IN_PACKAGE[name];
    const allowed = dev ? ALLOWED_IN_TOOLS : ALLOWED;
    if (licence !== undefined && alternatives(licence).some((one) => allowed.includes(one))) return [];
    const use = dev ? 'a tool' : 'deployed';
    return [`${name} (${use}): expected one of ${allowed.join(', ')}, got ${licence ?? 'no licence'}`];
  });
  return { accepted: packages.length - refused.length, refused };
}

/** Of an SPDX expression; one that joins licences with AND or WITH is none of those allowed, and so a person's to read. */
function alternatives(expression: string): readonly string[] {
  return expression.replace(/^\((.*)\)$/, '$1').split(' OR ');
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().default(false),
    }),
  ),
});

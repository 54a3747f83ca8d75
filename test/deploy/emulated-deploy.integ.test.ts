import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { STAGES } from '#lib/stages.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const NAMES = Object.keys(STAGES);
const resources = new AsyncDisposableStack();
let temporary: string;
/** What is said of each stage. */
let reports: Readonly<Record<string, string>>;

beforeAll(async () => {
  const folder = resources.use(await temporaryFolder());
  temporary = join(folder.path, 'temporary');
  await mkdir(temporary);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'deploy/emulated/main.ts'), '--stage', ...NAMES],
    { env: { ...process.env, TMPDIR: temporary } },
  );
  console.log(stdout);
  reports = Object.fromEntries(
    stdout.split(/^(?=stage )/m).map((text) => [/^stage (\S+),/.exec(text)?.[1] ?? '', text]),
  );
}, 900_000);
afterAll(() => resources.disposeAsync());

test.each(NAMES)(
  'all stacks of %s are deployed by the real CDK to a stand-in for AWS, with what they publish',
  (stage) => {
    const report = reports[stage] ?? '';
    const stacks = [...report.matchAll(/^ {2}(\S+): CREATE_COMPLETE, \d+ resources$/gm)].map(
      ([, name]) => name,
    );
    const parts = ['foundation', 'data', 'live', 'analytics', 'dashboards', 'operations'];
    expect(new Set(stacks)).toEqual(
      new Set(['CDKToolkit', ...parts.map((part) => `crypto-market-${stage}-${part}`)]),
    );
    expect(report).toMatch(/[1-9]\d* files and 1 images published, [1-9]\d* exports/);
  },
);

/** Nobody but root, where root may mount, is sure to have what every engine needs. */
const canBuild =
  process.env['CI'] !== undefined ||
  (process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0);

const SAID_WHERE_REFUSED = [
  /not built: fargate\/Dockerfile: expected to mount .* which this system refuses: be root .* It said: \S/,
];
const SAID_OF_IMAGE = [
  /^ {2}image [0-9a-f]{12}: sha256:[0-9a-f]{64}$/m,
  /built and run in \d+ s: fargate\/Dockerfile, by (docker|podman|buildah) \d/,
  / from (a stand-in .+ for )?node:24\.[\d.]+-bookworm-slim@sha256:[0-9a-f]{64}/,
  /ran its command, without settings: exit code 1, KAFKA_BROKERS: expected host:port/,
  /ran the archive loader: exit code 0, Usage: archive-loader/,
  /ran the packages that write Parquet and reach the warehouse: exit code 0, loaded/,
  /ran its user, and writing to \/app and to \$TMPDIR: exit code 0, 1000 EROFS written/,
];

test('the image is built once for all stages, and its programs start from it as in AWS', () => {
  const [first = '', ...others] = NAMES.map((name) => reports[name] ?? '');
  const refused = !canBuild && first.includes('not built');
  for (const said of refused ? SAID_WHERE_REFUSED : SAID_OF_IMAGE) expect(first).toMatch(said);
  const again = refused
    ? 'not built'
    : `${/sha256:[0-9a-f]{64}$/m.exec(first)?.[0]}, built once, for ${NAMES[0]}`;
  expect(others.length).toBeGreaterThan(0);
  for (const report of others) expect(report).toContain(again);
});

test('nothing is left behind', () => {
  expect(existsSync(temporary)).toBe(true);
  expect(readdirSync(temporary)).toEqual([]);
});

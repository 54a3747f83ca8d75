import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCandle } from '#domain/candle.ts';
import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { parseStartOptions } from '#local/supervisor/start-options.ts';

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Where each of the README's commands is run for real: the test, and what it calls there. */
const RUN_BY: Readonly<Record<string, readonly [file: string, call: string]>> = {
  'npm start': ['test/e2e/pipeline.ts', "'npm',"],
  'npm test': ['.ci/run', 'npm test'],
  'npm run sql': ['test/local/sql.integ.test.ts', "'sql.ts'"],
  'npm run history': ['test/e2e/warehouse-path.integ.test.ts', "'history'"],
  'npm run snowflake:apply': ['test/local/snowflake-apply.integ.test.ts', "'snowflake-apply.ts'"],
  'npm run connector:plugin': ['test/local/connect/build-plugin.test.ts', 'buildPlugin('],
  'npm run bench': ['test/bench/decode.test.ts', "'bench/main.ts'"],
  'npm run check': ['.ci/run', 'npm run check'],
  'npm run status': ['test/e2e/live-path.integ.test.ts', "'status'"],
  'npm run test:faults': ['test/faults/soak/commands.test.ts', 'local/setup/test-faults.ts'],
  'npm run soak': ['test/faults/soak/soak.faults.ts', "'soak', '--'"],
  'npm run cost': ['test/deploy/cost.test.ts', "'deploy/cost.ts'"],
  'npm run preflight': ['test/deploy/preflight/main.test.ts', 'deploy/preflight/main.ts'],
  'npm run dashboards:push': ['test/grafana/dashboards-push.test.ts', 'deploy/dashboards-push.ts'],
  'npm run dashboards': ['test/grafana/dashboards.test.ts', 'dashboardFiles()'],
  'npm run deploy:emulated': ['test/deploy/emulated-deploy.integ.test.ts', 'deploy/emulated/main.ts'],
  'npx cdk bootstrap': ['deploy/emulated/run-stage.ts', "'bootstrap'"],
  'npx cdk deploy': ['deploy/emulated/run-stage.ts', "'deploy', '--all'"],
  'npm run clean': ['test/local/setup/clean.test.ts', 'project.clean('],
  'npx node fargate/ohlc-exporter/main.ts': [
    'test/fargate/ohlc-exporter/exporter-process.ts',
    'fargate/ohlc-exporter/main.ts',
  ],
};

/** Lines of `sh` blocks, and the first column of the table of commands. */
const commands = [
  ...[...README.matchAll(/^```sh\n([^`]*)```$/gm)].flatMap(([, block = '']) => block.trim().split('\n')),
  ...[...README.matchAll(/^\| `(n[^`]+)` \|/gm)].map(([, command = '']) => command),
];

test('the README names commands at all', () => {
  expect(commands.length).toBeGreaterThan(8);
});

test.each(commands)('%s is run by a test', (command) => {
  const known = Object.keys(RUN_BY).find((name) => command.replace(/^([A-Z_]+=\S+ )+/, '').startsWith(name));
  expect(known, `add ${command} to RUN_BY, with the test that runs it`).toBeDefined();
  const [file, call] = RUN_BY[known ?? ''] ?? ['', ''];
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain(call);
});

test.each(commands.filter((command) => command.startsWith('npm start -- --') && !command.includes('--help')))(
  'the options of %s are understood',
  (command) => {
    expect(() => parseStartOptions(command.split(' ').slice(3))).not.toThrow();
  },
);

test('npm start -- --help shows every option that the README mentions', () => {
  const help = execFileSync('npm', ['start', '--silent', '--', '--help'], { cwd: ROOT, encoding: 'utf8' });
  const mentioned = commands
    .filter((command) => command.startsWith('npm start'))
    .flatMap((command) => command.match(/--[a-z-]+[a-z]/g) ?? []);
  expect(mentioned.length).toBeGreaterThan(4);
  expect(mentioned.filter((option) => !help.includes(option))).toEqual([]);
});

test('the variables of the exporter are the ones it reads, with these defaults', () => {
  const named = [...README.matchAll(/^\| (`[A-Z_]+`.*?) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/[A-Z_]{4,}/g) ?? [],
  );
  const source = readFileSync(join(ROOT, 'fargate/ohlc-exporter/env.ts'), 'utf8');
  const read = [...source.matchAll(/^ {2}([A-Z_]{4,}):/gm)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual(read.toSorted());
  expect(parseEnvironment({ KAFKA_BROKERS: '127.0.0.1:9092' })).toMatchObject({
    symbols: { kind: 'top', count: 20 },
    backfillLookbackMs: 2 * 3_600_000,
    metricsHost: '127.0.0.1',
    metricsPort: 9464,
  });
});

test('the message that it shows is a candle', () => {
  const [, block = ''] = /^```json\n([^`]*)```$/m.exec(README) ?? [];
  expect(decodeCandle(new TextEncoder().encode(block))).toMatchObject({ kind: 'candle' });
});

test('every folder, file and picture that it names exists', () => {
  const paths = [
    ...[...README.matchAll(/`((?:[a-z-]+\/)+[a-z.-]*)`/g)].map(([, path = '']) => path),
    ...[...README.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path),
  ];
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGES } from '#lib/stages.ts';
import { LINTER_EXCEPTIONS } from './linter-exceptions.ts';
import { lintTemplates } from './linters.ts';
import type { LinterFinding } from './linters.ts';
import { STACK_PARTS, STAGE_NAMES } from './synth.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLANTED = 'planted.template.json';
const folder = mkdtempSync(join(tmpdir(), 'crypto-market-validated-'));

interface Run {
  readonly code: number;
  readonly output: string;
}

/** One synthesis of each stage, as a person who deploys runs it, and one run of each linter over all templates. */
let runs: Readonly<Record<string, Run>> = {};
let findings: readonly LinterFinding[] = [];

beforeAll(async () => {
  // One after the other: where the connector's zip is stale both would build it, and one of them in the other's way.
  // oxlint-disable-next-line no-await-in-loop -- see above
  for (const name of STAGE_NAMES) runs = { ...runs, [name]: await synth(name) };
  plant();
  findings = await lintTemplates(folder, STAGES['prod']?.region ?? '');
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(STAGE_NAMES)('cdk synth --strict of %s', (name) => {
  test('passes the validation of the CDK without an error or a warning', () => {
    const { code, output } = runs[name] ?? { code: -1, output: 'not run' };
    expect(code, output).toBe(0);
    expect(output).not.toMatch(/\b(WARNING|ERROR)\b|\[Warning|\[Error/);
  });

  test('says that validation took place', () => {
    const report = validationReport.parse(
      JSON.parse(readFileSync(join(folder, name, 'validation-report.json'), 'utf8')),
    );
    expect(report.pluginReports.map(({ pluginName }) => pluginName)).toContain('CloudFormation Validate');
  });
});

test('neither linter finds anything in a template but what is excepted with a reason', () => {
  expect(templates().toSorted()).toEqual(
    STAGE_NAMES.flatMap((name) =>
      STACK_PARTS.map((part) => `crypto-market-${name}-${part}.template.json`),
    ).toSorted(),
  );
  const open = ours().filter((finding) => !LINTER_EXCEPTIONS.some((exception) => covers(exception, finding)));
  const lines = open.map(
    ({ linter, template, resource, rule, message }) =>
      `${linter} ${template} ${resource} ${rule}: ${message}`,
  );
  expect(lines.toSorted().join('\n')).toBe('');
});

test('every exception is of something that a linter finds', () => {
  const unused = LINTER_EXCEPTIONS.filter(
    (exception) => !ours().some((finding) => covers(exception, finding)),
  );
  expect(unused.map(({ linter, rule, resources }) => `${linter} ${rule} ${resources?.source ?? ''}`)).toEqual(
    [],
  );
});

test('both linters find what is planted beside the templates', () => {
  const planted = findings.filter(({ template }) => template === PLANTED);
  expect(planted).toContainEqual(
    expect.objectContaining({ linter: 'cfn-lint', rule: 'E3002', resource: 'Open' }),
  );
  expect(planted).toContainEqual(
    expect.objectContaining({ linter: 'checkov', rule: 'CKV_AWS_53', resource: 'Open' }),
  );
});

function templates(): readonly string[] {
  const files = STAGE_NAMES.flatMap((name) => readdirSync(join(folder, name)));
  return files.filter((file) => file.endsWith('.template.json'));
}

function ours(): readonly LinterFinding[] {
  return findings.filter(({ template }) => template !== PLANTED);
}

function covers({ linter, rule, resources }: (typeof LINTER_EXCEPTIONS)[number], finding: LinterFinding) {
  const sameRule = finding.linter === linter && finding.rule === rule;
  return sameRule && (resources === undefined || resources.test(finding.resource));
}

function plant(): void {
  const planted = { Resources: { Open: { Type: 'AWS::S3::Bucket', Properties: { BucketNam: 'open' } } } };
  mkdirSync(join(folder, 'planted'));
  writeFileSync(join(folder, 'planted', PLANTED), JSON.stringify(planted));
}

function synth(name: string): Promise<Run> {
  const context = { stage: name, account: '123456789012', snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT' };
  const args = [
    'synth',
    '--strict',
    '--quiet',
    '--no-notices',
    '--no-color',
    '--output',
    join(folder, name),
    ...Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]),
  ];
  const env = { ...process.env, CI: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1' };
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env, maxBuffer: 64 * 1024 * 1024 };
    execFile(join(ROOT, 'node_modules/.bin/cdk'), args, options, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1,
        output: stdout + stderr,
      });
    });
  });
}

const validationReport = z.object({ pluginReports: z.array(z.object({ pluginName: z.string() })) });

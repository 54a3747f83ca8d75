import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES } from '#test/lib/synth.ts';
import { ofType } from '#test/lib/whole-app/resources.ts';

const DAGS = join(import.meta.dirname, '../../../mwaa/dags');

/** Read where the runner is `process` only: by local/airflow/, never on AWS. */
const NOT_ON_AWS = ['environment_folder', 'alert_file', 'archive_loader_command', 'quality_exporter_command'];

const asked = askedOptions();

test.each(STAGE_NAMES)('in %s, what the DAGs can not do without is configured', (stage) => {
  const needed = asked.filter(({ isNeeded, name }) => isNeeded && !NOT_ON_AWS.includes(name));
  expect(needed.length).toBeGreaterThan(7);
  const given = cryptoOptions(stage);
  expect(needed.map(({ name }) => name).filter((name) => !given.includes(name))).toEqual([]);
});

test.each(STAGE_NAMES)('in %s, nothing is configured that no DAG asks for', (stage) => {
  const known = asked.map(({ name }) => name);
  expect(cryptoOptions(stage).filter((name) => !known.includes(name))).toEqual([]);
});

test('what is left to one machine is asked for by the DAGs too', () => {
  const known = asked.map(({ name }) => name);
  expect(NOT_ON_AWS.filter((name) => !known.includes(name))).toEqual([]);
});

/** Every call of the three functions of settings.py, in all of the package. */
function askedOptions(): readonly { readonly name: string; readonly isNeeded: boolean }[] {
  const files = globSync('**/*.py', { cwd: DAGS }).map((file) => readFileSync(join(DAGS, file), 'utf8'));
  const literal = files.flatMap((text) =>
    [...text.matchAll(/\b(option|optional|list_option)\(\s*f?"([^"]+)"(,)?/g)].map(
      ([, called, name = '', more]) => ({
        name,
        isNeeded: called !== 'optional' && more === undefined,
      }),
    ),
  );
  return [
    ...literal.filter(({ name }) => !name.includes('{')),
    // the two that are put together there
    ...warehouseOptions(files).map((name) => ({ name: `snowflake_${name}`, isNeeded: false })),
    ...programs(files).map((name) => ({ name: `${name.replaceAll('-', '_')}_command`, isNeeded: true })),
  ];
}

function warehouseOptions(files: readonly string[]): readonly string[] {
  const [, list] = files.join('\n').match(/^WAREHOUSE_OPTIONS = \(([^)]+)\)/m) ?? [];
  return words(list);
}

function programs(files: readonly string[]): readonly string[] {
  const [, list] = files.join('\n').match(/^PROGRAMS = \{([^}]+)\}/m) ?? [];
  return words(list);
}

function words(list = ''): readonly string[] {
  const found = [...list.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word);
  if (found.length < 2) throw new Error('expected a list of names in the Python files, found none');
  return found;
}

function cryptoOptions(stage: (typeof STAGE_NAMES)[number]): readonly string[] {
  const [environment] = ofType(stage, 'AWS::MWAA::Environment');
  const options = z
    .record(z.string(), z.unknown())
    .parse(environment?.properties['AirflowConfigurationOptions']);
  return Object.keys(options)
    .filter((name) => name.startsWith('crypto.'))
    .map((name) => name.slice('crypto.'.length));
}

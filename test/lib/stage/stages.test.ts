import { expect, test } from 'vitest';
import { stageOf } from '#lib/stage/stage-of.ts';
import { STAGES } from '#lib/stages.ts';
import { WRONG_STAGES } from './wrong-stages.ts';

const ACCOUNTS = { account: '123456789012', snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT' };

const WRONG = WRONG_STAGES.split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [what = '', name = '', changes = '', ...says] = line.split(' | ');
    return { what, name, changes, says: says.join(' | ') };
  });

test.each(Object.keys(STAGES))('the stage %s can be deployed', (name) => {
  expect(stageOf({ stage: name, ...ACCOUNTS })).toEqual({ name, ...ACCOUNTS, ...STAGES[name] });
});

test.each(WRONG)('refuses $what', ({ name, changes, says }) => {
  const refusal = refusalOf(name, changes);

  expect(refusal).toContain(`stage ${name} of lib/stages.ts can not be deployed:\n`);
  expect(refusal).toContain(says);
});

test('knows more than forty ways to be wrong, no two the same', () => {
  expect(WRONG.length).toBeGreaterThan(40);
  expect(new Set(WRONG.map(({ name, changes }) => `${name} ${changes}`)).size).toBe(WRONG.length);
});

test('tells all that is wrong at once, also beside a section that has not even its shape', () => {
  const refusal = refusalOf(
    'dev',
    'exporter.cpu="256", exporter.symbols="top:", stream.brokerCount=3, batch.schedulers=2, operations.logRetentionDays=10',
  );

  expect(refusal.match(/^ {2}[\w.]+(?=: )/gm)).toEqual([
    '  exporter.cpu',
    '  stream.brokerCount',
    '  batch.schedulers',
    '  operations.logRetentionDays',
  ]);
});

test.each([
  [{ stage: 'staging' }, '-c stage=: expected one of dev, prod, got "staging"'],
  [{ stage: 'toString' }, '-c stage=: expected one of dev, prod, got "toString"'],
  [{ stage: undefined }, '-c stage=: expected one of dev, prod, got nothing'],
  [{ account: '12345678901' }, '-c account=: expected an AWS account as 12 digits, got "12345678901"'],
  [{ account: undefined }, '-c account=: expected an AWS account as 12 digits, got nothing'],
  [
    { snowflakeAccount: 'xy12345.ap-northeast-1.aws' },
    '-c snowflakeAccount=: expected a Snowflake account as ORGANIZATION-ACCOUNT',
  ],
  [{ snowflakeAccount: 'ORG-MY_ACCOUNT' }, 'for an underscore write a hyphen'],
])('refuses the context %o', (context, says) => {
  expect(() => stageOf({ stage: 'dev', ...ACCOUNTS, ...context })).toThrow(says);
});

test('refuses a stage whose name is too long for what is named by it', () => {
  expect(() =>
    stageOf({ stage: 'staging-of-ours', ...ACCOUNTS }, { 'staging-of-ours': STAGES['dev'] }),
  ).toThrow('stage: expected a name of 2 to 12 small letters and digits, got "staging-of-ours"');
});

test('no two stages have the same addresses, so that their networks can be connected', () => {
  const networks = Object.values(STAGES).map(({ network }) => network.cidr.split('.').slice(0, 2).join('.'));

  expect(networks.length).toBeGreaterThan(1);
  expect(new Set(networks).size).toBe(networks.length);
});

/** What is said of the stage with these changes. */
function refusalOf(name: string, changes: string): string {
  const settings: unknown = structuredClone(STAGES[name]);
  for (const change of changes.split(/, (?=[\w.]+(?:=| -))/)) {
    const [, path = '', value] = /^([\w.]+)(?:=(.*)| -)$/.exec(change) ?? [];
    expect(path, change).not.toBe('');
    set(settings, path.split('.'), value === undefined ? undefined : JSON.parse(value));
  }
  try {
    stageOf({ stage: name, ...ACCOUNTS }, { [name]: settings });
  } catch (error) {
    return String(error);
  }
  return 'nothing: it can be deployed';
}

function set(target: unknown, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null) throw new Error(`expected settings at ${key}`);
  if (rest.length > 0) set(Reflect.get(target, key), rest, value);
  else if (value === undefined) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, value);
}

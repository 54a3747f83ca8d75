import { describe, expect, test } from 'vitest';
import { STACK_PARTS, STAGE_NAMES, synthesize } from '#test/lib/synth.ts';
import { leaves, nameOf, ofType, resourcesOf, templateOf } from './resources.ts';

/** What holds data that can't be had again. */
const STATEFUL_TYPES = [
  'AWS::APS::Workspace',
  'AWS::KMS::Key',
  'AWS::MSK::Cluster',
  'AWS::MSK::Topic',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

/**
 * Another logical id is another resource: the data stays behind in the old one, or goes with it. So a change here is a
 * migration, and these are written by hand.
 */
const LOGICAL_IDS: Readonly<Record<string, readonly string[]>> = {
  'AWS::APS::Workspace': ['data MetricsStoreWorkspace7944698A'],
  'AWS::KMS::Key': ['foundation Key961B73FD'],
  'AWS::MSK::Cluster': ['data StreamCluster8AD6DEEE'],
  'AWS::MSK::Topic': [
    'data StreamCandles73D8C4C3',
    'data StreamDeadLettersEE2D94FB',
    'data StreamSinkDeadLetters6C40F773',
  ],
  'AWS::S3::Bucket': [
    'analytics BatchFilesKeptAccessLogs6654BDB4',
    'analytics BatchFilesKeptBucket229E28DA',
    'data RejectedAccessLogs891B5921',
    'data RejectedBucket79130308',
  ],
  'AWS::SecretsManager::Secret': [
    'analytics WarehouseLoaderKey7CC2567B',
    'analytics WarehouseReaderKey5D89A6F7',
    'analytics WarehouseTransformerKey3E3A5803',
  ],
};

/** Stateful by type, but what is in them can be had again. */
const RENEWABLE: readonly (readonly [resource: RegExp, reason: string])[] = [];

describe.each(STAGE_NAMES)('in %s', (stage) => {
  test('what holds data keeps its logical id', () => {
    const ids = Object.groupBy(ofType(stage, ...STATEFUL_TYPES), ({ type }) => type);
    const found = Object.fromEntries(
      Object.entries(ids).map(([type, some = []]) => [
        type,
        some.map(({ part, id }) => `${part} ${id}`).toSorted(),
      ]),
    );
    expect(found).toEqual(LOGICAL_IDS);
  });

  test('every resource that holds data says what becomes of it', () => {
    const silent = ofType(stage, ...STATEFUL_TYPES).filter(
      ({ deletionPolicy, updateReplacePolicy }) =>
        deletionPolicy === undefined || updateReplacePolicy === undefined,
    );
    expect(silent.map(nameOf)).toEqual([]);
  });

  test('every log group is kept for the time that the stage says, and is its own stack’s to delete', () => {
    const groups = ofType(stage, 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(2);
    const { logRetentionDays } = synthesize(stage).stage.operations;
    const other = groups.filter(
      ({ properties, deletionPolicy }) =>
        properties['RetentionInDays'] !== logRetentionDays || deletionPolicy === undefined,
    );
    expect(other.map(nameOf)).toEqual([]);
  });

  test('every function writes to a log group that the stack made, not to one that stays for ever', () => {
    const functions = ofType(stage, 'AWS::Lambda::Function');
    expect(functions).not.toEqual([]);
    const open = functions.filter(({ properties }) => !JSON.stringify(properties).includes('"LogGroup"'));
    expect(open.map(nameOf)).toEqual([]);
  });

  test('each custom resource of ours has a framework before it that answers CloudFormation, and outlives it', () => {
    const functions = ofType(stage, 'AWS::Lambda::Function');
    const find = (part: string, reference: unknown) => {
      const text = JSON.stringify(reference ?? '');
      return functions.find((one) => one.part === part && text.includes(`"${one.id}"`));
    };
    const ours = ofType(stage, 'Custom::SnowflakeSetup', 'Custom::GrafanaProvisioning', 'Custom::ImageBuild');
    expect(ours.length).toBeGreaterThanOrEqual(2);
    for (const resource of ours) {
      const framework = find(resource.part, resource.properties['ServiceToken']);
      expect(framework?.properties['Handler'], nameOf(resource)).toBe('framework.onEvent');
      const called = find(resource.part, framework?.properties['Environment']);
      expect(Number(called?.properties['Timeout']), nameOf(resource)).toBeLessThan(
        Number(framework?.properties['Timeout']),
      );
    }
  });

  test('stacks use only what stacks before them export', () => {
    const stacks = synthesize(stage).stacks;
    let imports = 0;
    for (const [index, part] of STACK_PARTS.entries()) {
      const before = new Set(STACK_PARTS.slice(0, index).flatMap((earlier) => exportsOf(stage, earlier)));
      const used = importsOf(stage, part);
      imports += used.length;
      expect(
        used.filter((name) => !before.has(name)),
        part,
      ).toEqual([]);
      const later = STACK_PARTS.slice(index).map((other) => stacks[other].stackName);
      expect(
        stacks[part].dependencies.map(({ stackName }) => stackName).filter((name) => later.includes(name)),
        part,
      ).toEqual([]);
    }
    expect(imports).toBeGreaterThan(5);
  });

  test('no resource is named but where AWS asks for it, and then the stage is in the name', () => {
    const named = resourcesOf(stage).flatMap(({ type, id, properties }) =>
      NAMES.filter((key) => typeof properties[key] === 'string').map(
        (key) => [type, id, properties[key]] as const,
      ),
    );
    expect(
      named.filter(([type, , name]) => !UNIQUE_ELSEWHERE.includes(type) && !String(name).includes(stage)),
    ).toEqual([]);
  });
});

test('in prod, what holds data outlives its stack', () => {
  const gone = ofType('prod', ...STATEFUL_TYPES)
    .filter(
      ({ deletionPolicy, updateReplacePolicy }) =>
        deletionPolicy !== 'Retain' || updateReplacePolicy !== 'Retain',
    )
    .map(nameOf);
  expect(gone.filter((name) => !RENEWABLE.some(([pattern]) => pattern.test(name)))).toEqual([]);
  for (const [pattern] of RENEWABLE) expect(gone.join('\n')).toMatch(pattern);
});

test('in prod, the stacks that others stand on refuse to be deleted; in dev nothing does', () => {
  expect(guarded('prod')).toEqual(['foundation', 'data']);
  expect(guarded('dev')).toEqual([]);
});

test.each(STAGE_NAMES)('in %s, what can be tagged carries the project and the stage', (stage) => {
  const tagged = resourcesOf(stage).filter(({ properties }) => 'Tags' in properties);
  expect(tagged.length).toBeGreaterThan(20);
  const bare = tagged.filter(({ properties }) => {
    // a list of pairs, or an object
    const tags = JSON.stringify(properties['Tags']).replaceAll(/"Key":("\w+"),"Value"/g, '$1');
    return !tags.includes('"project":"crypto-market"') || !tags.includes(`"stage":"${stage}"`);
  });
  expect(bare.map(nameOf)).toEqual([]);
});

function guarded(stage: (typeof STAGE_NAMES)[number]): readonly string[] {
  return Object.entries(synthesize(stage).stacks)
    .filter(([, { terminationProtection }]) => terminationProtection)
    .map(([part]) => part);
}

const NAMES = [
  'Name',
  'ClusterName',
  'BucketName',
  'FunctionName',
  'RoleName',
  'QueueName',
  'LogGroupName',
  'ConnectorName',
  'RepositoryName',
  'AlarmName',
];

/** Named within a resource of the stage: they need not be unique in the account. */
const UNIQUE_ELSEWHERE: readonly string[] = ['AWS::APS::RuleGroupsNamespace'];

function exportsOf(
  stage: (typeof STAGE_NAMES)[number],
  part: (typeof STACK_PARTS)[number],
): readonly string[] {
  return Object.values(templateOf(stage, part).Outputs ?? {}).flatMap(({ Export }) =>
    [...leaves(Export)].map(({ value }) => String(value)),
  );
}

function importsOf(
  stage: (typeof STAGE_NAMES)[number],
  part: (typeof STACK_PARTS)[number],
): readonly string[] {
  return [...leaves(templateOf(stage, part))]
    .filter(({ path }) => path.at(-1) === 'Fn::ImportValue')
    .map(({ value }) => String(value));
}

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

const containerSchema = z.array(
  z.looseObject({
    Name: z.string(),
    EntryPoint: z.array(z.string()),
    Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
    MountPoints: z.array(z.looseObject({ ContainerPath: z.string(), ReadOnly: z.boolean() })),
    ReadonlyRootFilesystem: z.boolean(),
  }),
);

describe.each(STAGE_NAMES)('the archive loader in %s', (stage) => {
  const analytics = () => synthesize(stage).template('analytics');

  test('is the program of its folder, and writes to its scratch folder alone', () => {
    const [task] = Object.values(analytics().findResources('AWS::ECS::TaskDefinition'));
    const [container] = containerSchema.parse(task?.['Properties']['ContainerDefinitions']);
    expect(container?.EntryPoint).toEqual(['node', 'fargate/archive-loader/main.ts']);
    expect(container?.ReadonlyRootFilesystem).toBe(true);
    expect(container?.MountPoints.map(({ ContainerPath, ReadOnly }) => [ContainerPath, ReadOnly])).toEqual([
      ['/scratch', false],
    ]);
    const variables = container?.Environment.map(({ Name }) => Name) ?? [];
    expect(variables).toContain('SNOWFLAKE_PRIVATE_KEY_SECRET_ARN');
    expect(variables).not.toContain('SNOWFLAKE_PRIVATE_KEY');
  });

  test('may be run by Airflow in its own cluster only, with its own roles only', () => {
    const statements = Object.values(analytics().findResources('AWS::IAM::Policy')).flatMap((policy) =>
      statementSchema.parse(policy['Properties']['PolicyDocument']['Statement']),
    );
    const run = statements.filter(({ Action }) => [Action].flat().includes('ecs:RunTask'));
    expect(run).toHaveLength(1);
    expect(Object.keys(run[0]?.Condition?.['ArnEquals'] ?? {})).toEqual(['ecs:cluster']);
    const pass = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
    const toTasks = pass.filter(({ Condition }) =>
      JSON.stringify(Condition).includes('ecs-tasks.amazonaws.com'),
    );
    expect(toTasks).toHaveLength(1);
    expect(toTasks[0]?.Resource).toHaveLength(2);
  });
});

const statementSchema = z.array(
  z.looseObject({
    Action: z.union([z.string(), z.array(z.string())]),
    Resource: z.unknown(),
    Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  }),
);

import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { StageSettings } from '#lib/stage/stage.ts';
import { STAGE_NAMES, synthesize } from '#test/lib/synth.ts';

const TASK = 'AWS::ECS::TaskDefinition';
const containersSchema = z.array(
  z.looseObject({
    Name: z.string(),
    Command: z.array(z.string()).optional(),
    Essential: z.boolean(),
    ReadonlyRootFilesystem: z.boolean(),
    StopTimeout: z.number(),
    Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  }),
);

describe.each(STAGE_NAMES)('the exporter in %s', (stage) => {
  const live = () => synthesize(stage).template('live');
  const containers = () => {
    const [task] = Object.values(live().findResources(TASK));
    return containersSchema.parse(task?.['Properties']['ContainerDefinitions']);
  };

  test('is one task on ARM, as large as the stage says, which is replaced by the next before it goes', () => {
    const { cpu, memoryMiB } = synthesize(stage).stage.exporter;
    const tasks = live().findResources(TASK, {
      Properties: {
        Cpu: String(cpu),
        Memory: String(memoryMiB),
        RuntimePlatform: { CpuArchitecture: 'ARM64' },
      },
    });
    expect(Object.keys(tasks)).toHaveLength(1);
    const services = live().findResources('AWS::ECS::Service', {
      Properties: {
        DesiredCount: 1,
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } },
      },
    });
    expect(Object.keys(services)).toHaveLength(1);
  });

  test('writes to no disk, and has longer to stop than it takes', () => {
    const [exporter, forwarder] = containers();
    expect([exporter?.Name, forwarder?.Name]).toEqual(['ohlc-exporter', 'metrics-forwarder']);
    expect([exporter?.ReadonlyRootFilesystem, forwarder?.ReadonlyRootFilesystem]).toEqual([true, true]);
    // 15 s to have all acknowledged, 10 s of a request under way, 2 s to disconnect: fargate/ohlc-exporter/exporter.ts
    expect(exporter?.StopTimeout).toBeGreaterThan(15 + 10 + 2);
    expect(exporter?.StopTimeout).toBeLessThanOrEqual(120);
    expect([exporter?.Essential, forwarder?.Essential]).toEqual([true, false]);
  });

  test('reaches the exchange, AWS and Kafka, and is reached by nobody', () => {
    const groups = live().findResources('AWS::EC2::SecurityGroup', {
      Properties: { GroupDescription: 'The exporter' },
    });
    const [group] = Object.values(groups);
    const ports = z.array(z.looseObject({ FromPort: z.number(), ToPort: z.number() }));
    const out = ports.parse(group?.['Properties']['SecurityGroupEgress']);
    expect(out.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([
      [443, 443],
      [9443, 9443],
    ]);
    expect(group?.['Properties']['SecurityGroupIngress']).toBeUndefined();
    live().hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 9098, ToPort: 9098 });
    live().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 9098, ToPort: 9098 });
  });

  test('may write the candles and their dead letters, and metrics, and nothing else', () => {
    const policies = live().findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('^ExporterTaskRole') },
    });
    const statements = z
      .array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) }))
      .parse(Object.values(policies)[0]?.['Properties']['PolicyDocument']['Statement']);
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(['aps:RemoteWrite', 'kafka-cluster:WriteData', 'kafka:GetBootstrapBrokers']),
    );
    expect(actions.filter((action) => !/^(kafka|kafka-cluster|aps):/.test(action))).toEqual([]);
    expect(actions.filter((action) => /(Delete|Create|Alter)(?!Group)/.test(action))).toEqual([]);
  });

  test('tells when it starts more often than a deployment explains, and when it logs an error', () => {
    const filters = Object.values(
      live().findResources('AWS::Logs::MetricFilter', {
        Properties: { LogGroupName: { Ref: Match.stringLikeRegexp('^ExporterLogs') } },
      }),
    ).map(({ Properties }) => filterSchema.parse(Properties));
    // test/fargate/image.test.ts has the program log such lines
    expect(
      Object.fromEntries(
        filters.map(({ FilterPattern, MetricTransformations: [to] }) => [to?.MetricName, FilterPattern]),
      ),
    ).toEqual({
      ExporterStarts: '{ $.event = "listening" }',
      ExporterErrors: '{ $.level = "ERROR" }',
    });
    const alarmOn = (MetricName: string, more: object) =>
      live().hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName,
        Namespace: `crypto-market-${stage}`,
        Statistic: 'Sum',
        ComparisonOperator: 'GreaterThanThreshold',
        ...more,
      });
    alarmOn('ExporterStarts', { Threshold: 2, Period: 900 });
    alarmOn('ExporterErrors', { Threshold: 0, Period: 300 });
  });
});

const filterSchema = z.looseObject({
  FilterPattern: z.string(),
  MetricTransformations: z.tuple([z.looseObject({ MetricName: z.string() })]),
});

const imageWith = (image: StageSettings['exporter']['image']) => {
  const live = synthesize('dev', (settings) => ({
    ...settings,
    exporter: { ...settings.exporter, image },
  })).template('live');
  const [task] = Object.values(live.findResources(TASK));
  const images = z
    .array(z.looseObject({ Image: z.unknown() }))
    .parse(task?.['Properties']['ContainerDefinitions']);
  return { live, images: images.map(({ Image }) => JSON.stringify(Image)) };
};

describe('its image', () => {
  test('of a registry is taken by its digest', () => {
    const name = `public.ecr.aws/example/market@sha256:${'a'.repeat(64)}`;
    expect(imageWith({ from: 'registry', name }).images).toEqual([`"${name}"`, `"${name}"`]);
  });

  test("of another account's ECR is one that may be pulled", () => {
    const name = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/market@sha256:${'b'.repeat(64)}`;
    const { live, images } = imageWith({ from: 'registry', name });
    expect(images[0]).toContain(`/market@sha256:${'b'.repeat(64)}`);
    live.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Resource: 'arn:aws:ecr:eu-west-1:210987654321:repository/market' }),
        ]),
      },
    });
  });

  test('built in the account is there before the service, under a tag that stays what it is', () => {
    const { live, images } = imageWith({ from: 'codebuild' });
    live.hasResourceProperties('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' });
    const [[build, { Properties }] = ['', { Properties: {} }]] = Object.entries(
      live.findResources('Custom::ImageBuild'),
    );
    const { tag } = z.object({ tag: z.string().length(32) }).parse(Properties);
    expect(images[0]).toContain(`:${tag}`);
    const [service] = Object.values(live.findResources('AWS::ECS::Service'));
    expect(service?.['DependsOn']).toEqual(expect.arrayContaining([build]));
  });
});

import { Duration, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { ForwarderEnvironment } from '#fargate/metrics-forwarder/env.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { MetricsStore } from './metrics-store.ts';
import { stageLog } from '#lib/stage-log.ts';

export interface MetricsForwarderProps {
  readonly stage: Stage;
  readonly key: kms.IKey;
  readonly metricsStore: MetricsStore;
  /** Of the program whose metrics go out; its role may then write to the store. */
  readonly taskDefinition: ecs.TaskDefinition;
  readonly image: ecs.ContainerImage;
  /** What starts the forwarder in that image. */
  readonly command: readonly string[];
}

/** A container beside the exporter, which sends the exporter's own metrics to the store. */
export class MetricsForwarder extends Construct {
  readonly container: ecs.ContainerDefinition;

  constructor(scope: Construct, id: string, props: MetricsForwarderProps) {
    super(scope, id);
    const { stage, key, metricsStore, taskDefinition, image, command } = props;
    const environment: ForwarderEnvironment = {
      REMOTE_WRITE_URL: metricsStore.remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'sigv4',
      AWS_REGION: Stack.of(this).region,
    };
    this.container = taskDefinition.addContainer('metrics-forwarder', {
      image,
      command: [...command],
      // candles matter more: the exporter goes on without it, and an alert says that nothing is heard of it
      essential: false,
      enableRestartPolicy: true,
      memoryReservationMiB: 96,
      readonlyRootFilesystem: true,
      privileged: false,
      // it sends what waits for five seconds
      stopTimeout: Duration.seconds(10),
      environment: { ...environment },
      logging: ecs.LogDrivers.awsLogs({
        streamPrefix: 'metrics-forwarder',
        logGroup: stageLog(this, 'Logs', { stage, key }),
      }),
    });
    metricsStore.grantWrite(taskDefinition.taskRole);
  }
}

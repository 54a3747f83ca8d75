import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type { Construct } from 'constructs';
import type { Stage } from '#lib/stage/stage.ts';

/** Percent of the volumes at which they grow: below that at which a person is told. */
const GROWS_AT = 60;

/** Beyond it, something writes what nobody planned. */
const MOST_TIMES = 5;

/** Lets the volumes of standard brokers grow. They never shrink, and what they grew by is not in the stage's settings. */
export function growStorage(
  scope: Construct,
  { stage, clusterArn }: { readonly stage: Stage; readonly clusterArn: string },
): void {
  const { brokers } = stage.stream;
  if (brokers.family !== 'standard') return;
  const target = new scaling.CfnScalableTarget(scope, 'Storage', {
    serviceNamespace: 'kafka',
    scalableDimension: 'kafka:broker-storage:VolumeSize',
    resourceId: clusterArn,
    minCapacity: 1,
    maxCapacity: brokers.storageGiB * MOST_TIMES,
  });
  new scaling.CfnScalingPolicy(scope, 'StorageGrowth', {
    policyName: 'storage-growth',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: 'KafkaBrokerStorageUtilization' },
      targetValue: GROWS_AT,
      disableScaleIn: true,
    },
  });
}

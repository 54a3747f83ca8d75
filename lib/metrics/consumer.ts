import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import type { MetricsStore } from './metrics-store.ts';
import type { Network } from '#lib/network/network.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { Stream } from '#lib/stream/stream.ts';

export interface ConsumerProps {
  readonly stage: Stage;
  readonly network: Network;
  readonly stream: Stream;
  readonly metricsStore: MetricsStore;
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/** The function that turns candles into metrics, and what brings them to it. */
export class Consumer extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, { stage, key }: ConsumerProps) {
    super(scope, id);
    this.function = nodeFunction(this, 'Function', 'prometheus-consumer', {
      stage,
      key,
      timeout: Duration.minutes(1),
    });
  }
}

import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Exporter } from '#lib/exporter/exporter.ts';
import { Consumer } from '#lib/metrics/consumer.ts';
import { Rules } from '#lib/metrics/rules.ts';
import type { Stage } from '#lib/stage/stage.ts';
import type { DataStack } from './data-stack.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** The path of seconds: from the exchange to the metrics. Holds nothing that could be lost. */
export class LiveStack extends Stack {
  readonly exporter: Exporter;
  readonly consumer: Consumer;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & {
      readonly stage: Stage;
      readonly foundation: FoundationStack;
      readonly data: DataStack;
    },
  ) {
    super(scope, id, props);
    const { stage, foundation, data } = props;
    const { network, key, alarms } = foundation;
    const { stream, metricsStore, rejected } = data;
    this.exporter = new Exporter(this, 'Exporter', { stage, network, stream, metricsStore, key, alarms });
    this.consumer = new Consumer(this, 'Consumer', {
      stage,
      network,
      stream,
      metricsStore,
      rejected,
      key,
      alarms,
    });
    new Rules(this, 'Rules', { metricsStore });
  }
}

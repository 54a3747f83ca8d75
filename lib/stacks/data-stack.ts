import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { KeptBucket } from '#lib/kept-bucket.ts';
import { MetricsStore } from '#lib/metrics/metrics-store.ts';
import { logProviders } from '#lib/provider-logs.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { Stream } from '#lib/stream/stream.ts';
import type { FoundationStack } from './foundation-stack.ts';

/** What holds data: kept when its stack is deleted. */
export class DataStack extends Stack {
  readonly stream: Stream;
  readonly metricsStore: MetricsStore;
  /** Records that could be neither read nor stored, for a person to look at. */
  readonly rejected: s3.IBucket;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { readonly stage: Stage; readonly foundation: FoundationStack },
  ) {
    super(scope, id, props);
    const { stage, foundation } = props;
    const { network, key, alarms } = foundation;
    this.stream = new Stream(this, 'Stream', { stage, network, key, alarms });
    this.rejected = new KeptBucket(this, 'Rejected', { stage, key }).bucket;
    this.metricsStore = new MetricsStore(this, 'MetricsStore', { stage, key, alarms });
    logProviders(this, stage, key);
  }
}

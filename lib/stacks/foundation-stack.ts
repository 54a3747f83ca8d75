import { Stack, Validations } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AlarmTopic } from '#lib/alarm-topic.ts';
import { dataKey } from '#lib/data-key.ts';
import { Network } from '#lib/network/network.ts';
import { logProviders } from '#lib/provider-logs.ts';
import type { Stage } from '#lib/stage/stage.ts';

/** What everything stands on, and what changes least. */
export class FoundationStack extends Stack {
  readonly key: kms.Key;
  readonly network: Network;
  readonly alarms: AlarmTopic;
  readonly #zones: string[];

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { stage } = props;
    this.#zones = stage.zones;
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason:
        "the zones are the stage's own configuration, as its account names them: looking them up needs credentials at synthesis",
    });
    this.key = dataKey(this, 'Key', stage);
    this.network = new Network(this, 'Network', { stage, key: this.key });
    this.alarms = new AlarmTopic(this, 'Alarms', { stage, key: this.key });
    logProviders(this, stage, this.key);
  }

  /** From configuration: looking them up needs credentials, and another account has them in another order. */
  override get availabilityZones(): string[] {
    return this.#zones;
  }
}

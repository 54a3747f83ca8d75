import { Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Stage } from './stage/stage.ts';

/** What may write to the topic in its own name: alarms, rules on events, and the budget. */
export const ALARMING_SERVICES = [
  'cloudwatch.amazonaws.com',
  'events.amazonaws.com',
  'budgets.amazonaws.com',
];

/** Whom to tell when something needs a person. */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(
    scope: Construct,
    id: string,
    { stage, key }: { readonly stage: Stage; readonly key: kms.IKey },
  ) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: ALARMING_SERVICES.map((service) => new iam.ServicePrincipal(service)),
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    // each address has to confirm
    for (const email of stage.operations.emails) {
      Validations.of(this.topic.addSubscription(new EmailSubscription(email))).acknowledge({
        id: 'Serverless-SNSRedrivePolicy',
        reason:
          'a mail that SNS could not hand over would lie in a queue that nobody reads; the alarm itself stays to be seen',
      });
    }
  }

  /** Tells when it goes off, and when it is well again. */
  notify(alarm: cloudwatch.Alarm): void {
    nameByPlace(alarm);
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

/**
 * As `crypto-market-dev-live-Consumer-Lag`: the name is the subject of what is sent, and the dashboard shows alarms of all
 * stacks by it. A reference to each would be an export, and no alarm could be taken away before the dashboard is deployed.
 */
function nameByPlace(alarm: cloudwatch.Alarm): void {
  const { defaultChild } = alarm.node;
  if (defaultChild instanceof cloudwatch.CfnAlarm) defaultChild.alarmName = alarmNameOf(alarm);
}

/** Of an alarm that is told of. */
export function alarmNameOf({ node }: cloudwatch.Alarm): string {
  return node.path.replaceAll('/', '-');
}

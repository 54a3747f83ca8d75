import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { KeyAgeEnvironment } from '#lambdas/key-age/env.ts';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { metricsNamespace } from '#lib/metrics/own-metrics.ts';
import { nodeFunction } from '#lib/node-function.ts';
import type { Stage } from '#lib/stage/stage.ts';
import { adminSecretArn, adminSecretName } from '#lib/warehouse/admin-secret.ts';

const OLDEST_KEY_DAYS = 365;
const CERTIFICATE_DAYS = 30;
const LOOKS_EVERY = Duration.hours(6);

export interface KeyAgeProps {
  readonly stage: Stage;
  /** Beside that of Snowflake's administrator. */
  readonly secrets: readonly Pick<ISecret, 'secretArn'>[];
  readonly key: kms.IKey;
  readonly alarms: AlarmTopic;
}

/**
 * Looks four times a day how old keys are. Not a rule of AWS Config, which needs a recorder in the account, and takes
 * for rotated only what Secrets Manager rotates itself. TLS ends at AWS everywhere, so the one certificate that can end
 * is that by which an identity provider signs.
 */
export class KeyAge extends Construct {
  readonly function: lambda.Function;
  readonly oldestKey: cloudwatch.Metric;

  constructor(scope: Construct, id: string, { stage, secrets, key, alarms }: KeyAgeProps) {
    super(scope, id);
    const arns = secrets.map(({ secretArn }) => secretArn);
    const adminArn = adminSecretArn(stage, Stack.of(this));
    const { authentication } = stage.dashboards;
    const environment: KeyAgeEnvironment = {
      KEY_SECRET_ARNS: [...arns, adminSecretName(stage)].join(','),
      METRICS_NAMESPACE: metricsNamespace(stage),
      ...(authentication.by === 'saml' && { SAML_METADATA_URL: authentication.metadataUrl }),
    };
    this.function = nodeFunction(this, 'Function', 'key-age', {
      stage,
      key,
      description: 'Tells how old keys are; reads none',
      timeout: Duration.seconds(30),
      environment,
    });
    this.function.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['secretsmanager:ListSecretVersionIds'],
        resources: [...arns, adminArn],
      }),
    );
    const schedule = new events.Rule(this, 'Schedule', {
      description: 'Looks how old keys are',
      schedule: events.Schedule.rate(LOOKS_EVERY),
      targets: [new LambdaFunction(this.function, { retryAttempts: 2 })],
    });
    Validations.of(schedule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason: 'an event that is not delivered holds nothing, and the next one six hours later asks the same',
    });
    const metric = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: metricsNamespace(stage),
        metricName,
        dimensionsMap: { service: 'key-age' },
        statistic,
        period: LOOKS_EVERY,
      });
    this.oldestKey = metric('OldestKeyDays', cloudwatch.Stats.MAXIMUM);
    const alarm = (
      name: string,
      props: Omit<cloudwatch.AlarmProps, 'evaluationPeriods' | 'treatMissingData'>,
    ) =>
      alarms.notify(
        new cloudwatch.Alarm(this, name, {
          ...props,
          evaluationPeriods: 1,
          treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        }),
      );
    alarm('KeysOld', {
      metric: this.oldestKey,
      threshold: OLDEST_KEY_DAYS,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      alarmDescription:
        'A key by which the pipeline logs in to Snowflake has been in use for more than a year. The log of the function ' +
        'key-age says which one: rotate it as README.md says.',
    });
    alarm('LookFailed', {
      metric: this.function.metricErrors({ period: LOOKS_EVERY }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      alarmDescription:
        'Nobody knows how old the keys are: the function key-age failed, and its log says why. A secret may be gone.',
    });
    if (authentication.by === 'saml') {
      alarm('CertificateEnds', {
        metric: metric('CertificateDaysLeft', cloudwatch.Stats.MINIMUM),
        threshold: CERTIFICATE_DAYS,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        alarmDescription:
          'The certificate of the identity provider ends within a month, and with it every login to Grafana. Renew it there, ' +
          'then deploy, so that Grafana reads the metadata again.',
      });
    }
  }
}

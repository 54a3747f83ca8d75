import * as budgets from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import type { AlarmTopic } from '#lib/alarm-topic.ts';
import { deploymentTag } from '#lib/deployment-tag.ts';
import type { Stage } from '#lib/stage/stage.ts';

/**
 * Tells when a month has cost, or is going to cost, what the stage allows. It sees what carries the deployment's tag, once
 * that is activated for cost allocation: by hand, in the account that pays, and at work a day later.
 */
export function budget(
  scope: Construct,
  id: string,
  { stage, alarms }: { readonly stage: Stage; readonly alarms: AlarmTopic },
): budgets.CfnBudget {
  const { key, value } = deploymentTag(stage);
  // those who want it by mail are subscribed to the topic
  const subscribers = [{ subscriptionType: 'SNS', address: alarms.topic.topicArn }];
  const above = (threshold: number, notificationType: 'ACTUAL' | 'FORECASTED') => ({
    notification: {
      notificationType,
      comparisonOperator: 'GREATER_THAN',
      threshold,
      thresholdType: 'PERCENTAGE',
    },
    subscribers,
  });
  return new budgets.CfnBudget(scope, id, {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: stage.operations.monthlyBudgetUsd, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:${key}$${value}`] },
    },
    notificationsWithSubscribers: [above(80, 'ACTUAL'), above(100, 'FORECASTED')],
  });
}

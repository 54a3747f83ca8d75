import * as z from 'zod';
import { holds, oneOf } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What AWS Budgets tells at once. */
const MOST_EMAILS = 10;

export function checkOperations({ operations }: Pick<StageSettings, 'operations'>): readonly Problem[] {
  const { emails, monthlyBudgetUsd, logRetentionDays } = operations;
  return [
    ...emails.flatMap((email, index) =>
      holds(
        z.email().safeParse(email).success,
        `operations.emails.${index}`,
        'an e-mail address, as team@example.com',
        email,
      ),
    ),
    ...holds(
      new Set(emails).size === emails.length && emails.length <= MOST_EMAILS,
      'operations.emails',
      `each address once, and at most ${MOST_EMAILS}`,
      emails,
      'a mailing list reaches more',
    ),
    ...holds(
      monthlyBudgetUsd > 0,
      'operations.monthlyBudgetUsd',
      'more than 0',
      monthlyBudgetUsd,
      '`npm run cost` tells what the stage is likely to need',
    ),
    ...oneOf(
      'operations.logRetentionDays',
      logRetentionDays,
      LOG_RETENTION_DAYS,
      'CloudWatch knows no others',
    ),
  ];
}

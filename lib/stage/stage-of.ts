import { STAGES } from '#lib/stages.ts';
import { checkStage } from './check-stage.ts';
import { holds, problemText } from './problem.ts';
import type { Problem } from './problem.ts';
import type { Stage } from './stage.ts';

/** A stage can't be deployed as it is; the message is for the person who deploys. */
export class StageError extends Error {
  override readonly name = 'StageError';
}

/**
 * The stage that the CDK context asks for. Throws a StageError that names everything that is wrong with it, each with what
 * was expected, what was got and what to change.
 */
export function stageOf(
  context: Readonly<Record<string, unknown>>,
  stages: Readonly<Record<string, unknown>> = STAGES,
): Stage {
  const { stage: name, account, snowflakeAccount } = context;
  if (typeof name !== 'string' || !Object.hasOwn(stages, name)) {
    throw new StageError(
      `-c stage=: expected one of ${Object.keys(stages).join(', ')}, got ${name === undefined ? 'nothing' : JSON.stringify(name)}; lib/stages.ts has them`,
    );
  }
  const checked = checkStage(stages[name]);
  const problems = [
    ...checkName(name),
    ...checkAccounts(account, snowflakeAccount),
    ...(checked.kind === 'wrong' ? checked.problems : []),
  ];
  if (problems.length > 0 || checked.kind === 'wrong') {
    throw new StageError(
      `stage ${name} of lib/stages.ts can not be deployed:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`,
    );
  }
  return {
    ...checked.settings,
    name,
    account: String(account),
    snowflakeAccount: String(snowflakeAccount),
  };
}

/** It is part of names that AWS wants short and in small letters. */
function checkName(name: string): readonly Problem[] {
  return holds(
    /^[a-z][a-z0-9]{1,11}$/.test(name),
    'stage',
    'a name of 2 to 12 small letters and digits',
    name,
    'rename its row',
  );
}

function checkAccounts(account: unknown, snowflakeAccount: unknown): readonly Problem[] {
  return [
    ...holds(
      typeof account === 'string' && /^\d{12}$/.test(account),
      '-c account=',
      'an AWS account as 12 digits',
      account,
      '`aws sts get-caller-identity` tells that of the credentials',
    ),
    ...holds(
      typeof snowflakeAccount === 'string' && /^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)+$/.test(snowflakeAccount),
      '-c snowflakeAccount=',
      'a Snowflake account as ORGANIZATION-ACCOUNT, in letters, digits and hyphens',
      snowflakeAccount,
      "`select current_organization_name() || '-' || current_account_name()` tells it; for an underscore write a hyphen, and no locator like xy12345.eu-west-1",
    ),
  ];
}

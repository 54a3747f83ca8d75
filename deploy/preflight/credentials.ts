import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

const WHAT = 'credentials';

/** Whether there are credentials, and those of the account that is to be deployed to. */
export async function checkCredentials(
  { account }: Pick<Stage, 'account'>,
  sts: STSClient,
): Promise<readonly Finding[]> {
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand());
    return [
      Account === account
        ? ok(WHAT, `${Arn}`)
        : problem(
            WHAT,
            `they are of account ${Account}, the stage is for ${account}`,
            'take the profile of that account (AWS_PROFILE), or give the other by --account',
          ),
    ];
  } catch (error) {
    return [problem(WHAT, reasonOf(error), 'log in, as by `aws sso login`, and set AWS_PROFILE')];
  }
}

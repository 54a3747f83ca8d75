import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';

/** Where `cdk bootstrap` writes the version of what it made, with its default qualifier. */
const VERSION_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

/** The least that the templates of the CDK ask for. */
const LEAST_VERSION = 6;

const WHAT = 'CDK bootstrap';

/** Whether the account and region have been prepared for the CDK. */
export async function checkBootstrap(
  { account, region }: Pick<Stage, 'account' | 'region'>,
  ssm: SSMClient,
): Promise<readonly Finding[]> {
  const todo = `npx cdk bootstrap aws://${account}/${region}`;
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: VERSION_PARAMETER }));
    const version = Number(Parameter?.Value);
    return [
      version >= LEAST_VERSION
        ? ok(WHAT, `version ${version}`)
        : problem(WHAT, `expected version ${LEAST_VERSION} or newer, got ${Parameter?.Value}`, todo),
    ];
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    return [problem(WHAT, `there is none in ${region}`, todo)];
  }
}

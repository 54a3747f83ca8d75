import { paginateListInstances } from '@aws-sdk/client-sso-admin';
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

const PATIENCE_MS = 10_000;

/** Whether what people are to log in to Grafana by is there; `identityCenter` asks in the region that it is in. */
export async function checkSignIn(
  { dashboards }: Pick<Stage, 'dashboards'>,
  identityCenter: SSOAdminClient,
): Promise<readonly Finding[]> {
  const { authentication } = dashboards;
  return authentication.by === 'saml'
    ? [await checkMetadata(authentication.metadataUrl)]
    : [await checkInstance(identityCenter)];
}

async function checkInstance(identityCenter: SSOAdminClient): Promise<Finding> {
  const what = 'Identity Center';
  const region = await identityCenter.config.region();
  for await (const { Instances = [] } of paginateListInstances({ client: identityCenter }, {})) {
    const [instance] = Instances;
    if (instance) return ok(what, `${instance.InstanceArn} in ${region}`);
  }
  return problem(
    what,
    `there is none in ${region}`,
    'enable it (https://console.aws.amazon.com/singlesignon), or name its region by --identity-center-region, or have SAML in lib/stages.ts',
  );
}

async function checkMetadata(url: string): Promise<Finding> {
  const what = 'SAML metadata';
  const todo = 'correct dashboards.authentication.metadataUrl in lib/stages.ts; Grafana has to reach it too';
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = await response.text();
    if (!response.ok) return problem(what, `${url} answers ${response.status}`, todo);
    return body.includes('EntityDescriptor')
      ? ok(what, url)
      : problem(what, `${url} answers, but with no EntityDescriptor`, todo);
  } catch (error) {
    return problem(what, `${url}: ${causeOf(error)}`, todo);
  }
}

/** fetch says what went wrong in its cause only. */
function causeOf(error: unknown): string {
  return reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}

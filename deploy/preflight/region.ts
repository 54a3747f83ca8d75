import { DescribeAvailabilityZonesCommand } from '@aws-sdk/client-ec2';
import type { EC2Client } from '@aws-sdk/client-ec2';
import { GetParametersCommand } from '@aws-sdk/client-ssm';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem, unknown } from './finding.ts';
import type { Finding } from './finding.ts';

/** Names in AWS's public list of services, of those that are not in every region. */
const SERVICES: Readonly<Record<string, string>> = {
  MSK: 'kafka',
  'MSK Connect': 'kafkaconnect',
  'Managed Airflow': 'mwaa',
  'Managed Prometheus': 'amp',
  'Managed Grafana': 'grafana',
  Fargate: 'fargate',
  Lambda: 'lambda',
  'Secrets Manager': 'secretsmanager',
  'Route 53 Resolver': 'route53resolver',
};

const LIST = '/aws/service/global-infrastructure';

/** Names that one call takes. */
const NAMES_A_CALL = 10;

/** Whether the region has every service, by the list that AWS keeps in Parameter Store. */
export async function checkServices(
  { region }: Pick<Stage, 'region'>,
  ssm: SSMClient,
): Promise<readonly Finding[]> {
  const here = new Set(await existing(ssm, Object.values(SERVICES), `${LIST}/regions/${region}/services/`));
  const absent = Object.entries(SERVICES).filter(([, name]) => !here.has(name));
  const elsewhere = new Set(
    await existing(
      ssm,
      absent.map(([, name]) => name),
      `${LIST}/services/`,
    ),
  );
  const lacking = absent.filter(([, name]) => elsewhere.has(name)).map(([service]) => service);
  const unlisted = absent.filter(([, name]) => !elsewhere.has(name)).map(([service]) => service);
  const what = `services in ${region}`;
  return [
    ...(here.size > 0 ? [ok(what, [...here].join(', '))] : []),
    ...(lacking.length > 0
      ? [
          problem(
            what,
            `the region does not have ${lacking.join(', ')}`,
            'take another region in lib/stages.ts',
          ),
        ]
      : []),
    ...(unlisted.length > 0
      ? [
          unknown(
            what,
            `AWS's list does not know ${unlisted.join(', ')} by the name looked for`,
            'look at https://aws.amazon.com/about-aws/global-infrastructure/regional-product-services/',
          ),
        ]
      : []),
  ];
}

async function existing(
  ssm: SSMClient,
  names: readonly string[],
  prefix: string,
): Promise<readonly string[]> {
  const calls = Array.from({ length: Math.ceil(names.length / NAMES_A_CALL) }, (_, call) =>
    names.slice(call * NAMES_A_CALL, (call + 1) * NAMES_A_CALL).map((name) => `${prefix}${name}`),
  );
  const answers = await Promise.all(calls.map((Names) => ssm.send(new GetParametersCommand({ Names }))));
  return answers.flatMap(({ Parameters = [] }) =>
    Parameters.flatMap(({ Name }) => (Name === undefined ? [] : [Name.slice(prefix.length)])),
  );
}

/** Whether the account has the stage's zones: not every account has every zone of a region. */
export async function checkZones(
  { region, zones }: Pick<Stage, 'region' | 'zones'>,
  ec2: EC2Client,
): Promise<readonly Finding[]> {
  const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand());
  const available = AvailabilityZones.filter(({ State }) => State === 'available').flatMap(
    ({ ZoneName }) => ZoneName ?? [],
  );
  const absent = zones.filter((zone) => !available.includes(zone));
  const what = `zones in ${region}`;
  return [
    absent.length === 0
      ? ok(what, zones.join(', '))
      : problem(
          what,
          `the account does not have ${absent.join(', ')}`,
          `take ${zones.length} of ${available.join(', ')} in lib/stages.ts`,
        ),
  ];
}

import { DescribeAddressesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import type { EC2Client, Tag } from '@aws-sdk/client-ec2';
import { paginateListWorkspaces } from '@aws-sdk/client-grafana';
import type { GrafanaClient } from '@aws-sdk/client-grafana';
import { paginateListClustersV2 } from '@aws-sdk/client-kafka';
import type { KafkaClient } from '@aws-sdk/client-kafka';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
} from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Stage } from '#lib/stage/stage.ts';
import { lookAt, ok, problem, unknown } from './finding.ts';
import type { Finding } from './finding.ts';

export interface QuotaClients {
  readonly quotas: ServiceQuotasClient;
  readonly ec2: EC2Client;
  readonly kafka: KafkaClient;
  readonly grafana: GrafanaClient;
}

/** A rolling deployment runs the new exporter beside the old one; the archive loader's task is as large. */
const TASKS_AT_ONCE = 3;

/** Lambda keeps so many calls for functions without a reservation. */
const UNRESERVED_CALLS = 100;

/** How much of what AWS rations the stage takes, and how much others have taken. */
interface Ration {
  readonly what: string;
  readonly service: string;
  readonly code: string;
  readonly needed: number;
  /** What is in use apart from what this stage itself has already; undefined where nobody tells. */
  readonly taken?: () => Promise<number>;
}

/** Whether what the stage needs is left of each quota. */
export async function checkQuotas(stage: Stage, clients: QuotaClients): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    rationsOf(stage, clients).map((ration) =>
      lookAt({ what: ration.what, run: async () => [await compare(ration, stage, clients.quotas)] }),
    ),
  );
  return findings.flat();
}

function rationsOf(stage: Stage, { ec2, kafka, grafana }: QuotaClients): readonly Ration[] {
  return [
    {
      what: 'quota: VPCs',
      service: 'vpc',
      code: 'L-F678F1CE',
      needed: 1,
      taken: async () => {
        const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand());
        return Vpcs.filter(({ Tags }) => !isOurs(stage, Tags)).length;
      },
    },
    {
      what: 'quota: elastic addresses',
      service: 'ec2',
      code: 'L-0263D0A3',
      needed: stage.network.natGateways,
      taken: async () => {
        const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand());
        return Addresses.filter(({ Tags }) => !isOurs(stage, Tags)).length;
      },
    },
    {
      what: 'quota: MSK brokers',
      service: 'kafka',
      code: 'L-EDD31C36',
      needed: stage.stream.brokerCount,
      taken: async () => {
        let brokers = 0;
        for await (const { ClusterInfoList = [] } of paginateListClustersV2({ client: kafka }, {})) {
          for (const { ClusterName, Provisioned } of ClusterInfoList) {
            if (ClusterName !== `crypto-market-${stage.name}`)
              brokers += Provisioned?.NumberOfBrokerNodes ?? 0;
          }
        }
        return brokers;
      },
    },
    {
      what: 'quota: Grafana workspaces',
      service: 'grafana',
      code: 'L-2C2D5119',
      needed: 1,
      taken: async () => {
        let count = 0;
        for await (const { workspaces = [] } of paginateListWorkspaces({ client: grafana }, {})) {
          count += workspaces.filter(
            ({ tags = {} }) => tags['project'] !== 'crypto-market' || tags['stage'] !== stage.name,
          ).length;
        }
        return count;
      },
    },
    {
      what: 'quota: Fargate vCPUs',
      service: 'fargate',
      code: 'L-3032A538',
      needed: (stage.exporter.cpu / 1024) * TASKS_AT_ONCE,
    },
    {
      what: 'quota: Lambda calls at once',
      service: 'lambda',
      code: 'L-B99A9384',
      needed: stage.metrics.consumer.reservedConcurrency + UNRESERVED_CALLS,
    },
  ];
}

async function compare(
  { what, service, code, needed, taken }: Ration,
  { region }: Stage,
  quotas: ServiceQuotasClient,
): Promise<Finding> {
  const quota = await quotaOf(quotas, service, code);
  const page = `https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;
  if (quota === undefined) return unknown(what, 'Service Quotas does not tell it', `look at ${page}`);
  const used = await taken?.();
  const detail = `needs ${needed}, ${used === undefined ? '' : `${used} in use by others, `}quota ${quota}`;
  return needed + (used ?? 0) <= quota
    ? ok(what, used === undefined ? `${detail}; what others use is not counted` : detail)
    : problem(what, detail, `ask for more at ${page}, which can take days`);
}

/** That of the account, or the one that every account begins with. */
async function quotaOf(
  quotas: ServiceQuotasClient,
  ServiceCode: string,
  QuotaCode: string,
): Promise<number | undefined> {
  try {
    const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return Quota?.Value;
  } catch (error) {
    if (!(error instanceof NoSuchResourceException)) throw error;
  }
  const { Quota } = await quotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
  return Quota?.Value;
}

/** By the tags that every stack of the stage gives to what is in it. */
function isOurs({ name }: Stage, tags: readonly Tag[] = []): boolean {
  const has = (key: string, value: string) => tags.some((tag) => tag.Key === key && tag.Value === value);
  return has('project', 'crypto-market') && has('stage', name);
}

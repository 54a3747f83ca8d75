import { paginateListVersions } from '@aws-sdk/client-grafana';
import type { GrafanaClient } from '@aws-sdk/client-grafana';
import { paginateListKafkaVersions } from '@aws-sdk/client-kafka';
import type { KafkaClient } from '@aws-sdk/client-kafka';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether MSK makes clusters of the stage's version of Kafka today. */
export async function checkKafkaVersion(
  { region, stream }: Pick<Stage, 'region' | 'stream'>,
  kafka: KafkaClient,
): Promise<readonly Finding[]> {
  const offered: string[] = [];
  for await (const { KafkaVersions = [] } of paginateListKafkaVersions({ client: kafka }, {})) {
    for (const { Version, Status } of KafkaVersions) {
      if (Version !== undefined && Status === 'ACTIVE') offered.push(Version);
    }
  }
  return [offeredOrNot('version of Kafka', stream.kafkaVersion, offered, region)];
}

/** Whether Managed Grafana makes workspaces of the stage's version today. */
export async function checkGrafanaVersion(
  { region, dashboards }: Pick<Stage, 'region' | 'dashboards'>,
  grafana: GrafanaClient,
): Promise<readonly Finding[]> {
  const offered: string[] = [];
  for await (const { grafanaVersions = [] } of paginateListVersions({ client: grafana }, {})) {
    offered.push(...grafanaVersions);
  }
  return [offeredOrNot('version of Grafana', dashboards.grafanaVersion, offered, region)];
}

function offeredOrNot(what: string, wanted: string, offered: readonly string[], region: string): Finding {
  return offered.includes(wanted)
    ? ok(what, wanted)
    : problem(
        what,
        `${wanted} is not offered in ${region}`,
        `take one of ${offered.join(', ')} in lib/stages.ts, as far as the checks of lib/stage/ let it through`,
      );
}

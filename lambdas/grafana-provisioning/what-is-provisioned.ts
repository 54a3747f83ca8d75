import type { ContactPoint } from '#grafana/provision/contact-point.ts';
import type { DataSource } from '#grafana/provision/data-source.ts';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import type { Properties } from './request.ts';

/** UIDs are ours for good: by them each is found again, and people's links lead to them. */
export const UIDS = {
  metrics: 'crypto-market-metrics',
  cloudWatch: 'crypto-market-cloudwatch',
  folder: 'crypto-market',
  alarms: 'crypto-market-alarms',
} as const;

export const FOLDER = { uid: UIDS.folder, title: 'Crypto market' };

export { GENERATED_DASHBOARDS };

/** Signs requests for Managed Prometheus. Managed Grafana offers it from version 12 on. */
const AMAZON_PROMETHEUS = 'grafana-amazonprometheus-datasource';

/** What signed them before: Grafana's own, which dropped that in version 12. */
const CORE_PROMETHEUS = 'prometheus';

/** Plugins that have to be installed into this version of Grafana. */
export function pluginsFor(grafanaVersion: string): readonly string[] {
  return prometheusType(grafanaVersion) === AMAZON_PROMETHEUS ? [AMAZON_PROMETHEUS] : [];
}

export function metricsSource({ prometheusUrl, region }: Properties, grafanaVersion: string): DataSource {
  return {
    uid: UIDS.metrics,
    name: 'Crypto market metrics',
    type: prometheusType(grafanaVersion),
    url: prometheusUrl,
    isDefault: true,
    jsonData: {
      httpMethod: 'POST',
      sigV4Auth: true,
      sigV4AuthType: WORKSPACE_ROLE,
      sigV4Region: region,
      // the longest time between two samples of the exporter's own metrics: rates reach over four of them
      timeInterval: '30s',
    },
  };
}

export function cloudWatchSource({ region }: Properties): DataSource {
  return {
    uid: UIDS.cloudWatch,
    name: 'Crypto market CloudWatch',
    type: 'cloudwatch',
    isDefault: false,
    jsonData: { authType: WORKSPACE_ROLE, defaultRegion: region },
  };
}

export function alarmContactPoint({ alarmTopicArn, region }: Properties): ContactPoint {
  return {
    uid: UIDS.alarms,
    name: 'Crypto market alarms',
    type: 'sns',
    settings: { topic_arn: alarmTopicArn, sigv4: { region } },
  };
}

/** The data sources' name for the role of the workspace. */
const WORKSPACE_ROLE = 'ec2_iam_role';

function prometheusType(grafanaVersion: string): string {
  return Number.parseInt(grafanaVersion, 10) >= 12 ? AMAZON_PROMETHEUS : CORE_PROMETHEUS;
}

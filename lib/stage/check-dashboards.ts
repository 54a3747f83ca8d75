import { holds, oneOf } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';

/**
 * Managed Grafana offers 8.4, 9.4 and 10.4 too. The dashboards are in the form of Grafana 12, and their data source is of
 * the type that signs for Amazon Managed Prometheus since the core one no longer does, which is since 12.
 */
const GRAFANA_VERSIONS = ['12.4'];

export function checkDashboards({ dashboards }: Pick<StageSettings, 'dashboards'>): readonly Problem[] {
  const { grafanaVersion, authentication } = dashboards;
  return [
    ...oneOf(
      'dashboards.grafanaVersion',
      grafanaVersion,
      GRAFANA_VERSIONS,
      'the dashboards and their data source are made for it',
    ),
    ...(authentication.by === 'saml'
      ? [
          ...holds(
            isHttps(authentication.metadataUrl),
            'dashboards.authentication.metadataUrl',
            "the https URL of the identity provider's metadata",
            authentication.metadataUrl,
          ),
          ...holds(
            authentication.adminRole.trim() !== '',
            'dashboards.authentication.adminRole',
            'the value of the role attribute that makes an administrator',
            authentication.adminRole,
            'without one nobody can administer Grafana',
          ),
        ]
      : []),
  ];
}

function isHttps(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

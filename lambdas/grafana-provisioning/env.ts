import * as z from 'zod';

/**
 * What the deployment tells this function: properties of the custom resource, no variables, so that each change of one
 * is a run. None of them is a secret.
 */
export type ProvisioningProperties = z.input<typeof provisioningProperties>;

export const provisioningProperties = z.object({
  workspaceId: z.string(),
  /** Where the metrics store and the topic are. */
  region: z.string(),
  /** What the Prometheus data source is pointed at: everything before /api/v1. */
  prometheusUrl: z.url(),
  /** The topic that alerts of Grafana's own may be sent to. */
  alarmTopicArn: z.string(),
  /** Of the dashboards that go with the function. Those of the run before that are no longer among them are removed. */
  dashboardUids: z.array(z.string()),
  /** Of the dashboards' content and of this function's code: nothing reads it, a change of it is a run. */
  contentHash: z.string(),
});

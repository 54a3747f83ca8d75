import * as z from 'zod';
import { provisioningProperties } from './env.ts';

export type Properties = z.output<typeof provisioningProperties>;

/** What CloudFormation asks of a custom resource, as CDK's Provider framework hands it on. */
export type Request = z.output<typeof request>;

/** Throws when the deployment and this function do not agree on the properties. */
export function parseRequest(event: unknown): Request {
  return request.parse(event);
}

const request = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ResourceProperties: provisioningProperties }),
  z.object({
    RequestType: z.literal('Update'),
    PhysicalResourceId: z.string(),
    ResourceProperties: provisioningProperties,
    OldResourceProperties: z.looseObject({
      workspaceId: z.string().optional(),
      dashboardUids: z.array(z.string()).default([]),
    }),
  }),
  z.object({
    RequestType: z.literal('Delete'),
    PhysicalResourceId: z.string(),
    ResourceProperties: z.looseObject({
      workspaceId: z.string(),
      dashboardUids: z.array(z.string()).default([]),
    }),
  }),
]);

import * as z from 'zod';
import { setupProperties } from './env.ts';

export type Properties = z.output<typeof setupProperties>;

/** What CloudFormation asks of a custom resource, as CDK's Provider framework hands it on. */
export type Request = z.output<typeof request>;

/** Throws when the deployment and this function do not agree on the properties. */
export function parseRequest(event: unknown): Request {
  return request.parse(event);
}

const request = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.literal('Create'), ResourceProperties: setupProperties }),
  z.object({
    RequestType: z.literal('Update'),
    ResourceProperties: setupProperties,
    OldResourceProperties: z.looseObject({ epoch: z.string().optional() }),
  }),
  // whatever its properties were: what could not be made has to be deletable
  z.object({ RequestType: z.literal('Delete'), PhysicalResourceId: z.string() }),
]);

import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import * as z from 'zod';
import { buildImage } from './build-image.ts';
import { propertiesSchema } from './env.ts';

const eventSchema = z.discriminatedUnion('RequestType', [
  z.object({ RequestType: z.enum(['Create', 'Update']), ResourceProperties: propertiesSchema }),
  z.object({ RequestType: z.literal('Delete'), PhysicalResourceId: z.string() }),
]);

/** Between two questions; a build takes minutes. */
const PAUSE_MS = 5000;

const client = new CodeBuildClient();

/** As CDK's provider framework calls it. Deleting leaves the image to its repository. */
export async function handler(event: unknown): Promise<{ readonly PhysicalResourceId: string }> {
  const request = eventSchema.parse(event);
  if (request.RequestType === 'Delete') return { PhysicalResourceId: request.PhysicalResourceId };
  const { project, tag } = request.ResourceProperties;
  await buildImage(client, project, PAUSE_MS);
  return { PhysicalResourceId: `${project}:${tag}` };
}

import * as z from 'zod';

/** What the deployment says of the image. */
export type ImageBuildProperties = z.input<typeof propertiesSchema>;

export const propertiesSchema = z.object({
  /** Of CodeBuild. */
  project: z.string().min(1),
  /** Of the image: another one for another state of its source. */
  tag: z.string().min(1),
});

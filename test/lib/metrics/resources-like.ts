import type { Template } from 'aws-cdk-lib/assertions';

/** Logical ids of the resources of a type that have these properties at least. */
export function resourcesLike(
  template: Template,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(template.findResources(type, { Properties: properties }));
}

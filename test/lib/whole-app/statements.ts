import * as z from 'zod';
import { nameOf } from './resources.ts';
import type { Resource } from './resources.ts';

export type Statement = z.infer<typeof statement> & {
  /** The resource that the statement stands in. */
  readonly at: string;
};

const list = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: list.optional(),
  NotAction: list.optional(),
  Resource: list.optional(),
  NotResource: list.optional(),
  Principal: z.union([z.literal('*'), z.record(z.string(), list)]).optional(),
  NotPrincipal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const document = z.looseObject({ Statement: z.array(statement) });

/** What identities may do: inline policies, those of roles and managed ones. */
export function identityStatements(resources: readonly Resource[]): readonly Statement[] {
  return resources.flatMap((resource) => {
    const { type, properties } = resource;
    if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy') {
      return statementsOf(resource, properties['PolicyDocument']);
    }
    if (type !== 'AWS::IAM::Role') return [];
    const inline = z.array(z.object({ PolicyDocument: z.unknown() })).parse(properties['Policies'] ?? []);
    return inline.flatMap(({ PolicyDocument }) => statementsOf(resource, PolicyDocument));
  });
}

/** Who may do something with a resource: trusts of roles, and the policies of keys, buckets, topics, queues and the like. */
export function resourceStatements(resources: readonly Resource[]): readonly Statement[] {
  return resources.flatMap((resource) => {
    if (resource.type === 'AWS::IAM::Policy' || resource.type === 'AWS::IAM::ManagedPolicy') return [];
    return ['AssumeRolePolicyDocument', 'PolicyDocument', 'KeyPolicy', 'ResourcePolicy'].flatMap((key) =>
      key in resource.properties ? statementsOf(resource, resource.properties[key]) : [],
    );
  });
}

function statementsOf(resource: Resource, policy: unknown): readonly Statement[] {
  // a log group's policy is JSON in a string, which a join of references can't be read as
  if (typeof policy === 'string') return statementsOf(resource, JSON.parse(policy));
  return document.parse(policy).Statement.map((one) => ({ ...one, at: nameOf(resource) }));
}

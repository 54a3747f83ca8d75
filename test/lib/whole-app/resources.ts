import * as z from 'zod';
import { STACK_PARTS, synthesize } from '#test/lib/synth.ts';
import type { StackPart, StageName } from '#test/lib/synth.ts';

export interface Resource {
  readonly part: StackPart;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
}

/** Every resource of every stack of a stage, as CloudFormation gets it. */
export function resourcesOf(stage: StageName): readonly Resource[] {
  const all = STACK_PARTS.flatMap((part) =>
    Object.entries(templateOf(stage, part).Resources ?? {}).map(([id, resource]) => ({
      part,
      id,
      type: resource.Type,
      properties: resource.Properties ?? {},
      deletionPolicy: resource.DeletionPolicy,
      updateReplacePolicy: resource.UpdateReplacePolicy,
    })),
  );
  if (all.length < 50) throw new Error(`expected the resources of a whole stage, got ${all.length}`);
  return all;
}

export function ofType(stage: StageName, ...types: readonly string[]): readonly Resource[] {
  return resourcesOf(stage).filter(({ type }) => types.includes(type));
}

/** As tests name it. */
export function nameOf({ part, id, type }: Resource): string {
  return `${part} ${id} (${type})`;
}

export function templateOf(stage: StageName, part: StackPart) {
  return template.parse(synthesize(stage).template(part).toJSON());
}

const template = z.looseObject({
  Resources: z
    .record(
      z.string(),
      z.looseObject({
        Type: z.string(),
        Properties: z.record(z.string(), z.unknown()).optional(),
        DeletionPolicy: z.string().optional(),
        UpdateReplacePolicy: z.string().optional(),
      }),
    )
    .optional(),
  Outputs: z.record(z.string(), z.looseObject({ Export: z.unknown().optional() })).optional(),
});

/** Every value in a template with the keys that lead to it. */
export function* leaves(
  value: unknown,
  path: readonly string[] = [],
): Generator<{ readonly path: readonly string[]; readonly value: unknown }> {
  if (typeof value !== 'object' || value === null) yield { path, value };
  else for (const [key, inner] of Object.entries(value)) yield* leaves(inner, [...path, key]);
}

import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { STACK_PARTS, STAGE_NAMES, synthesize } from './synth.ts';
import type { StackPart, StageName } from './synth.ts';

const ALL = STAGE_NAMES.flatMap((stage) => STACK_PARTS.map((part) => [stage, part] as const));

test.each(ALL)('the template of %s %s is the one that was reviewed', async (stage, part) => {
  const text = readable(synthesize(stage).template(part).toJSON());
  expect(text).toContain('Resources:');
  await expect(text).toMatchFileSnapshot(fileOf(stage, part));
});

test.each(STAGE_NAMES)(
  'the templates of %s are the same each time, and tell nothing of the machine',
  (stage) => {
    const again = synthesize(stage, {});
    for (const part of STACK_PARTS) {
      const text = readable(synthesize(stage).template(part).toJSON());
      expect(text).not.toMatch(/\/(tmp|home|Users)\//);
      expect(readable(again.template(part).toJSON())).toBe(text);
    }
  },
);

/** With the hashes of assets left out: a change in a function's code is none of its stack. */
function readable(template: unknown): string {
  return stringify(template, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(
    /[0-9a-f]{64}/g,
    '<hash>',
  );
}

function fileOf(stage: StageName, part: StackPart): string {
  return `__snapshots__/${stage}/${part}.yaml`;
}

import { STAGES } from '#lib/stages.ts';
import { stageSchema } from './stage.ts';
import type { Stage } from './stage.ts';

/** The stage that the CDK context asks for; throws with what was expected, what was got and what to do. */
export function stageOf({ stage, account, snowflakeAccount }: Readonly<Record<string, unknown>>): Stage {
  if (typeof stage !== 'string' || !Object.hasOwn(STAGES, stage)) {
    throw new Error(
      `expected -c stage=${Object.keys(STAGES).join('|')}, got ${String(stage)}: name one of lib/stages.ts`,
    );
  }
  return {
    ...stageSchema.parse(STAGES[stage]),
    name: stage,
    account: String(account),
    snowflakeAccount: String(snowflakeAccount),
  };
}

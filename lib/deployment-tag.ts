import type { Stage } from './stage/stage.ts';

/** On everything that can be tagged, so that one filter finds what a deployment costs. */
export function deploymentTag({ name }: Pick<Stage, 'name'>): {
  readonly key: string;
  readonly value: string;
} {
  return { key: 'deployment', value: `crypto-market-${name}` };
}

import type { PrerequisiteName } from './prerequisites.ts';

/** Something that has to be on the machine before the pipeline or its tests can run. */
export interface SetupStep {
  readonly name: string;
  /** What the user has to have installed before this step can install anything. */
  readonly needs: readonly PrerequisiteName[];
  /** Looks, changes nothing, and is quick. */
  readonly check: () => Promise<StepState>;
  /** Leaves either nothing or the whole thing behind, also when it is interrupted. */
  readonly install: () => Promise<void>;
}

export type StepState = { readonly kind: 'present' } | { readonly kind: 'missing'; readonly detail: string };

import { join } from 'node:path';
import { TOOLS_FOLDER } from './folders.ts';
import { withLock } from './lock.mjs';
import { requirePrerequisites } from './prerequisites.ts';
import type { PrerequisiteName } from './prerequisites.ts';
import type { SetupStep } from './step.ts';

export interface SetupOptions {
  /** Asked for every time, whether or not a step is missing. */
  readonly needs?: readonly PrerequisiteName[];
  readonly lockFile?: string;
  /** One line each; nothing is said when nothing is missing. */
  readonly say?: (line: string) => void;
  readonly tickMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Installs the steps that are missing, one after the other; two set-ups at once wait for each other. */
export async function setUp(
  steps: readonly SetupStep[],
  {
    needs = [],
    lockFile = join(TOOLS_FOLDER, 'setup.lock'),
    say = (line) => console.error(line),
    tickMs = 10_000,
    env = process.env,
  }: SetupOptions = {},
): Promise<void> {
  const missing = await missingOf(steps);
  await requirePrerequisites([...needs, ...missing.flatMap(({ step }) => step.needs)], env);
  if (missing.length === 0) return;
  const onWait = ({ pid }: { readonly pid: number }) =>
    say(`waiting for process ${pid}, which is installing`);
  await withLock(lockFile, onWait, async () => {
    for (const { step, detail } of await missingOf(missing.map((one) => one.step))) {
      await installStep(step, detail, say, tickMs);
    }
  });
}

interface Missing {
  readonly step: SetupStep;
  readonly detail: string;
}

async function missingOf(steps: readonly SetupStep[]): Promise<readonly Missing[]> {
  const states = await Promise.all(steps.map(async (step) => ({ step, state: await step.check() })));
  return states.flatMap(({ step, state }) =>
    state.kind === 'missing' ? [{ step, detail: state.detail }] : [],
  );
}

async function installStep(
  step: SetupStep,
  detail: string,
  say: (line: string) => void,
  tickMs: number,
): Promise<void> {
  const startedMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedMs) / 1000);
  say(`${step.name}: ${detail}, installing`);
  const ticks = setInterval(() => say(`${step.name}: ${seconds()} s`), tickMs);
  try {
    await step.install();
    const state = await step.check();
    if (state.kind === 'missing') throw new Error(`installed, but still missing: ${state.detail}`);
    say(`${step.name}: installed in ${seconds()} s`);
  } catch (error) {
    throw new Error(
      `could not set up ${step.name}: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    clearInterval(ticks);
  }
}

import { CHROMIUM } from './chromium.ts';
import { CONNECT_JARS, KAFKA_JARS } from './jars.ts';
import type { PrerequisiteName } from './prerequisites.ts';
import { PROMETHEUS } from './prometheus.ts';
import type { SetupStep } from './step.ts';

/** What `npm start` needs on the machine. */
export const START_STEPS: readonly SetupStep[] = [KAFKA_JARS, CONNECT_JARS, PROMETHEUS];

/** What `npm test` needs on the machine. */
export const TEST_STEPS: readonly SetupStep[] = [...START_STEPS, CHROMIUM];

/** What both run with, and so ask for every time; Maven only matters when jars are missing. */
export const RUN_NEEDS: readonly PrerequisiteName[] = ['java', 'python'];

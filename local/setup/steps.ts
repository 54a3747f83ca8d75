import { ALERTMANAGER } from './alertmanager.ts';
import { CHROMIUM } from './chromium.ts';
import { CONNECT_JARS, CONNECTOR_JARS, KAFKA_JARS, SECRET_PROVIDER_JARS } from './jars.ts';
import { CONTAINER_ENGINE } from './container-engine.ts';
import type { PrerequisiteName } from './prerequisites.ts';
import { PROMETHEUS } from './prometheus.ts';
import { pythonStep } from './python.ts';
import { SECRET_PROVIDER } from './secret-provider.ts';
import type { SetupStep } from './step.ts';

/** What `npm start` needs on the machine. */
export const START_STEPS: readonly SetupStep[] = [KAFKA_JARS, PROMETHEUS, ALERTMANAGER];

/** What its warehouse half needs on top. */
export const BATCH_STEPS: readonly SetupStep[] = [
  CONNECT_JARS,
  CONNECTOR_JARS,
  pythonStep('warehouse'),
  pythonStep('dbt'),
  pythonStep('airflow'),
];

/** What MSK Connect's plugin is built of. */
export const PLUGIN_STEPS: readonly SetupStep[] = [
  CONNECT_JARS,
  CONNECTOR_JARS,
  SECRET_PROVIDER_JARS,
  SECRET_PROVIDER,
];

/** What `npm run check` needs beside the npm packages. */
export const CHECK_STEPS: readonly SetupStep[] = [pythonStep('lint'), pythonStep('dbt'), pythonStep('cloud')];

/** What `npm run deploy:emulated` needs on the machine. */
export const EMULATED_DEPLOY_STEPS: readonly SetupStep[] = [pythonStep('aws'), CONTAINER_ENGINE];

/** What `npm test` needs on the machine. */
export const TEST_STEPS: readonly SetupStep[] = [
  ...START_STEPS,
  ...BATCH_STEPS,
  SECRET_PROVIDER_JARS,
  SECRET_PROVIDER,
  pythonStep('lint'),
  pythonStep('cloud'),
  ...EMULATED_DEPLOY_STEPS,
  CHROMIUM,
];

/** What both run with, and so ask for every time; Maven only matters when jars are missing. */
export const RUN_NEEDS: readonly PrerequisiteName[] = ['java', 'python'];

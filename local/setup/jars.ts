import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  CONNECT_JARS_FOLDER,
  CONNECTOR_JARS_FOLDER,
  KAFKA_JARS_FOLDER,
  ROOT,
  SECRET_PROVIDER_JARS_FOLDER,
} from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';
import { folderProblems } from './sha256-sums.ts';
import type { SetupStep, StepState } from './step.ts';

export const KAFKA_JARS = jarStep('Kafka broker', join(import.meta.dirname, 'kafka'), KAFKA_JARS_FOLDER);
export const CONNECT_JARS = jarStep(
  'Kafka Connect',
  join(import.meta.dirname, 'connect'),
  CONNECT_JARS_FOLDER,
);
export const CONNECTOR_JARS = jarStep('Snowflake sink', join(ROOT, 'connectors'), CONNECTOR_JARS_FOLDER);
export const SECRET_PROVIDER_JARS = jarStep(
  'AWS SDK',
  join(ROOT, 'connectors', 'secret-provider'),
  SECRET_PROVIDER_JARS_FOLDER,
);

/** Jars of `<source>/pom.xml` from Maven Central, exactly those of `<source>/SHA256SUMS`. */
function jarStep(name: string, source: string, target: string): SetupStep {
  const sums = join(source, 'SHA256SUMS');
  return {
    name: `${name} jars (Maven Central)`,
    needs: ['java', 'maven'],
    check: () => checkJars(target, sums),
    install: () => installJars(target, sums, (folder) => copyByMaven(join(source, 'pom.xml'), folder)),
  };
}

/** What is wrong with an installed folder. */
export async function checkJars(target: string, sums: string): Promise<StepState> {
  const problems = await folderProblems(target, sums);
  if (problems.length === 0) return { kind: 'present' };
  return {
    kind: 'missing',
    detail: existsSync(target) ? `refused: ${problems.join('; ')}` : 'not installed',
  };
}

/** Refuses by name whatever is not exactly the list; only then does the folder take its place. */
export async function installJars(
  target: string,
  sums: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await installFolder(target, async (folder) => {
    await fill(folder);
    const problems = await folderProblems(folder, sums);
    if (problems.length === 0) return;
    throw new Error(
      `refused the jars for ${basename(target)}, expected those of ${sums}:\n  ${problems.join('\n  ')}`,
    );
  });
}

async function copyByMaven(pom: string, folder: string): Promise<void> {
  await runCommand('mvn', [
    '-q',
    '-B',
    '-f',
    pom,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${folder}`,
  ]);
}

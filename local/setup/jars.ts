import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CONNECT_JARS_FOLDER, KAFKA_JARS_FOLDER } from './folders.ts';
import { runCommand } from './run-command.ts';
import { folderProblems } from './sha256-sums.ts';
import type { SetupStep, StepState } from './step.ts';

export const KAFKA_JARS = jarStep('Kafka broker', join(import.meta.dirname, 'kafka'), KAFKA_JARS_FOLDER);
export const CONNECT_JARS = jarStep(
  'Kafka Connect',
  join(import.meta.dirname, 'connect'),
  CONNECT_JARS_FOLDER,
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

/** @internal what is wrong with an installed folder, in one line */
export async function checkJars(target: string, sums: string): Promise<StepState> {
  const problems = await folderProblems(target, sums);
  return problems.length === 0 ? { kind: 'present' } : { kind: 'missing', detail: problems.join('; ') };
}

/** @internal fills a temporary folder, refuses it by name unless it is exactly the list, then renames it */
export async function installJars(
  target: string,
  sums: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(dirname(target), `installing-${basename(target)}-`));
  try {
    await fill(folder);
    const problems = await folderProblems(folder, sums);
    if (problems.length > 0) {
      throw new Error(
        `refused the jars for ${basename(target)}, expected those of ${sums}:\n  ${problems.join('\n  ')}`,
      );
    }
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

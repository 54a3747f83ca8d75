import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PYTHON_FOLDER, ROOT } from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep, StepState } from './step.ts';

const LOCKS = {
  warehouse: join(import.meta.dirname, 'python', 'warehouse.txt'),
  airflow: join(import.meta.dirname, 'python', 'airflow.txt'),
  lint: join(import.meta.dirname, 'python', 'lint.txt'),
  cloud: join(import.meta.dirname, 'python', 'cloud.txt'),
  aws: join(import.meta.dirname, 'python', 'aws.txt'),
  // the same lock that the Airflow environment in AWS installs
  dbt: join(ROOT, 'dbt', 'requirements.txt'),
} as const;

export type PythonEnvironment = keyof typeof LOCKS;

const UV_LOCK = join(import.meta.dirname, 'python', 'uv.txt');

/** An executable of one of the virtual environments, as `pythonTool('dbt', 'dbt')`. */
export function pythonTool(environment: PythonEnvironment, executable: string): string {
  return join(PYTHON_FOLDER, environment, 'bin', executable);
}

/** A virtual environment with exactly the packages of its lock file, each checked by its hash. */
export function pythonStep(environment: PythonEnvironment): SetupStep {
  const target = join(PYTHON_FOLDER, environment);
  return environmentStep(`Python packages for ${environment} (PyPI)`, target, LOCKS[environment]);
}

/** The same for a folder and a lock file of the caller's. */
export function environmentStep(name: string, target: string, lock: string): SetupStep {
  return {
    name,
    needs: ['python'],
    check: () => checkEnvironment(target, lock),
    install: async () => {
      const uv = await provideUv();
      await installFolder(target, (folder) => installByUv(uv, folder, lock));
    },
  };
}

async function checkEnvironment(target: string, lock: string): Promise<StepState> {
  try {
    const installed = await readFile(join(target, STAMP), 'utf8');
    if (installed === (await stampOf(lock))) return { kind: 'present' };
    return { kind: 'missing', detail: 'its lock file has changed' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { kind: 'missing', detail: 'not installed' };
    }
    throw error;
  }
}

const STAMP = 'lock.sha256';

async function stampOf(lock: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(lock))
    .digest('hex');
}

/** The installer itself, from PyPI like the rest. */
async function provideUv(): Promise<string> {
  const target = join(PYTHON_FOLDER, 'uv');
  const uv = join(target, 'bin', 'uv');
  if ((await checkEnvironment(target, UV_LOCK)).kind === 'present') return uv;
  await installFolder(target, async (folder) => {
    await runCommand('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', '-q', '--require-hashes'];
    await runCommand(join(folder, 'bin', 'python'), [...pip, '-r', UV_LOCK]);
    await writeFile(join(folder, STAMP), await stampOf(UV_LOCK));
  });
  return uv;
}

/** Relocatable, as the folder gets its name only once it is whole. */
async function installByUv(uv: string, folder: string, lock: string): Promise<void> {
  const env = { ...process.env, UV_PYTHON_DOWNLOADS: 'never', UV_LINK_MODE: 'copy' };
  await runCommand(uv, ['venv', '--relocatable', '--clear', '--python', 'python3', folder], { env });
  const python = join(folder, 'bin', 'python');
  await runCommand(uv, [...PIP_INSTALL, '--python', python, '-r', lock], { env });
  await writeFile(join(folder, STAMP), await stampOf(lock));
}

/** Compiled once here, as the folder may be read-only to those who run from it. */
const PIP_INSTALL = ['pip', 'install', '--require-hashes', '--compile-bytecode'] as const;

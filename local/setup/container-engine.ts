import { globSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unpackDebianPackages } from './debian-package.ts';
import { findOnPath, isExecutable } from './find-on-path.ts';
import { BUILDAH_FOLDER } from './folders.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep } from './step.ts';

const ENGINES = ['docker', 'podman', 'buildah'] as const;

export interface EngineProgram {
  readonly name: (typeof ENGINES)[number];
  readonly path: string;
}

/** Builds container images, with a busybox for a base image where none can be pulled. */
export const CONTAINER_ENGINE: SetupStep = {
  name: 'a container engine',
  needs: [],
  check: async () => {
    if ((await findEngineProgram()) === undefined)
      return { kind: 'missing', detail: `none of ${ENGINES.join(', ')} works here` };
    if ((await findStaticBusybox()) === undefined && (await canUnpack()))
      return { kind: 'missing', detail: 'no busybox of its own' };
    return { kind: 'present' };
  },
  install: async () => {
    if (await canUnpack()) return unpackBuildah();
    throw new Error(
      `please start Docker, or install what builds container images (one of ${ENGINES.join(', ')}), then try again:\n` +
        '    Debian: sudo apt-get install -y buildah busybox-static\n    Fedora: sudo dnf install -y buildah busybox\n' +
        '    macOS:  brew install --cask docker, and start it',
    );
  },
};

/** The first engine that can be used: Docker's program is of no use without its server. */
export async function findEngineProgram(): Promise<EngineProgram | undefined> {
  for (const name of ENGINES) {
    const path = await findOnPath(name);
    if (path !== undefined && (name === 'buildah' || (await succeeds(path, ['info'])))) return { name, path };
  }
  const path = join(BUILDAH_FOLDER, 'usr', 'bin', 'buildah');
  return (await isExecutable(path)) && (await findsItsLibraries(path))
    ? { name: 'buildah', path }
    : undefined;
}

/** One that needs no library, and so works in an image that has nothing else. */
export async function findStaticBusybox(): Promise<string | undefined> {
  const unpacked = join(BUILDAH_FOLDER, 'bin', 'busybox');
  for (const path of [unpacked, await findOnPath('busybox')]) {
    if (path !== undefined && (await isExecutable(path)) && !(await succeeds('ldd', [path]))) return path;
  }
  return undefined;
}

async function canUnpack(): Promise<boolean> {
  return (await findOnPath('apt-get')) !== undefined && (await findOnPath('dpkg-deb')) !== undefined;
}

async function unpackBuildah(): Promise<void> {
  await unpackDebianPackages(
    { names: ['buildah', 'busybox-static', 'patchelf'], withDependencies: true, finish: findOwnLibraries },
    BUILDAH_FOLDER,
  );
}

/**
 * Buildah starts itself anew with an empty environment and from a copy in memory, so neither LD_LIBRARY_PATH nor a
 * path relative to the program would reach the libraries that were unpacked with it.
 */
async function findOwnLibraries(folder: string): Promise<void> {
  const place = join(await realpath(dirname(BUILDAH_FOLDER)), basename(BUILDAH_FOLDER));
  const libraries = globSync('{lib,usr/lib}/*-linux-gnu*', { cwd: folder });
  await runCommand(join(folder, 'usr', 'bin', 'patchelf'), [
    '--force-rpath',
    '--set-rpath',
    libraries.map((below) => join(place, below)).join(':'),
    join(folder, 'usr', 'bin', 'buildah'),
  ]);
}

/** Not so when the repository was moved since. */
async function findsItsLibraries(program: string): Promise<boolean> {
  return !(await runCommand('ldd', [program])).includes('not found');
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await runCommand(program, args);
    return true;
  } catch {
    return false;
  }
}

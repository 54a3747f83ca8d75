import { mkdir } from 'node:fs/promises';
import { findEngineProgram } from '#local/setup/container-engine.ts';
import { openBuildah } from './buildah.ts';
import type { ContainerEngine } from './container-engine.ts';
import { openDocker } from './docker.ts';

/** It keeps what it makes in the folder, if it can; a text is why nothing can be built on this machine. */
export async function openEngine(folder: string): Promise<ContainerEngine | string> {
  await mkdir(folder, { recursive: true });
  const program = await findEngineProgram();
  if (program === undefined) return 'no docker, podman or buildah works here';
  return program.name === 'buildah' ? openBuildah(program.path, folder) : openDocker(program);
}

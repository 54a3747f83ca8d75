import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** What is synthesised in a run of the tests lies here, for as long as it lasts: test files share it. */
    readonly synthFolder: string;
  }
}

const folders: string[] = [];

export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crypto-market-synth-'));
  folders.push(folder);
  project.provide('synthFolder', folder);
}

export async function teardown(): Promise<void> {
  await Promise.all(folders.splice(0).map(async (folder) => rm(folder, { recursive: true, force: true })));
}

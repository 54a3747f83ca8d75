import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPrograms } from './image-programs.ts';
import { findImage, noteTag, recordImage } from './image-record.ts';
import type { ContainerEngine } from './container-engine.ts';
import { openEngine } from './open-engine.ts';
import { buildStandInBase, STAND_IN_TAG } from './stand-in-base.ts';

/**
 * Builds what the CDK asks for by the arguments of `docker build`, here, and runs its programs once. What came of it is
 * kept in the folder, beside the engine's own storage.
 */
export async function buildImage(args: readonly string[], folder: string): Promise<void> {
  const file = valueOf(args, '--file') ?? 'Dockerfile';
  const tag = valueOf(args, '--tag');
  if (tag === undefined) throw new Error(`expected --tag and a name, got ${args.join(' ')}`);
  if (!existsSync(file)) throw new Error(`expected ${file} in ${process.cwd()}, got none`);
  if (findImage(folder, tag)) throw new Error(`expected ${tag} to be built once, got another request for it`);

  const engine = await openEngine(join(folder, 'engine'));
  if (typeof engine === 'string') {
    recordImage(folder, tag, { kind: 'not built', file, reason: engine });
    return;
  }
  const startedMs = Date.now();
  const base = await chooseBase(engine, file, folder);
  noteTag(folder, tag);
  await engine.build([...base.args, ...withoutPlatform(args)], process.cwd());
  const image = engine.open(tag);
  const ran = runPrograms(image, file);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  recordImage(folder, tag, {
    kind: 'built',
    file,
    engine: engine.name,
    base: base.said,
    id: image.id,
    seconds,
    ran,
  });
}

interface Base {
  readonly args: readonly string[];
  readonly said: string;
}

/** The one that the Dockerfile names, or what stands in for it where the engine can't have it. */
async function chooseBase(engine: ContainerEngine, file: string, folder: string): Promise<Base> {
  const [, image] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  if (image === undefined) throw new Error(`expected ${file} to name its base by ARG NODE_IMAGE, got none`);
  try {
    await engine.pull(image);
    return { args: [], said: image };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    noteTag(folder, STAND_IN_TAG);
    const tag = await buildStandInBase(engine, join(folder, 'stand-in'));
    return {
      args: ['--build-arg', `NODE_IMAGE=${tag}`],
      said: `a stand-in (Node ${process.versions.node} and npm of this machine, busybox) for ${image}, which can't be pulled: ${reason}`,
    };
  }
}

/**
 * The CDK asks for ARM, which most machines can't run a build for. The image of another platform differs in base and
 * native packages; the project's files and the lock file are the same.
 */
function withoutPlatform(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--platform');
  return at < 0 ? args : args.toSpliced(at, 2);
}

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

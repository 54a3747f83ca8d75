import { readdir, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod';
import { STAGES } from '#lib/stages.ts';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { runCommand } from '#local/setup/run-command.ts';
import { ACCOUNT, startEmulatedAws } from './emulated-aws.ts';
import { runInGroup } from './run-in-group.ts';

const CDK = join(ROOT, 'node_modules', '.bin', 'cdk');

interface StageRun {
  /** For the assembly and what is temporary. */
  readonly folder: string;
  /** Of all stages: an image is built once. */
  readonly images: string;
  readonly signal: AbortSignal;
}

interface StageReport {
  readonly lines: readonly string[];
  /** The hashes of what its images are built of. */
  readonly images: readonly string[];
}

/**
 * Bootstraps an empty emulated account and deploys a stage into it. Throws with what the CDK said when a stack is not
 * complete or an asset not where its stack looks for it.
 */
export async function runStage(name: string, { folder, images, signal }: StageRun): Promise<StageReport> {
  const settings = STAGES[name];
  if (settings === undefined) throw new Error(`expected a stage of lib/stages.ts, got ${name}`);
  const { region } = settings;
  await using aws = await startEmulatedAws(region);
  const env = {
    ...aws.environment,
    CI: '1',
    NO_COLOR: '1',
    // the CDK and what it starts look for `node`, which has to be this one
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    TMPDIR: folder,
    CDK_DOCKER: join(import.meta.dirname, 'container-engine.ts'),
    EMULATED_IMAGES: images,
  };
  const assembly = join(folder, 'assembly');
  const cdk = (...args: readonly string[]) => runInGroup(CDK, args, { cwd: ROOT, env, signal });
  const context = [`stage=${name}`, `account=${ACCOUNT}`, 'snowflakeAccount=EXAMPLEORG-EXAMPLEACCOUNT'];
  await cdk('synth', '--quiet', '--output', assembly, ...context.flatMap((pair) => ['--context', pair]));
  const app = ['--app', assembly];
  await cdk('bootstrap', `aws://${ACCOUNT}/${region}`, ...app);
  const started = performance.now();
  await cdk('deploy', '--all', '--method', 'direct', '--require-approval', 'never', ...app);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const found = account.parse(
    JSON.parse(
      await runCommand(pythonTool('aws', 'python'), [join(import.meta.dirname, 'look.py')], { env }),
    ),
  );
  const problems = problemsOf(found, await wantedOf(assembly));
  if (problems.length > 0) throw new Error(`stage ${name}:\n  ${problems.join('\n  ')}`);
  const stacks = Object.entries(found.stacks).map(
    ([stack, { resources, status }]) => `  ${stack}: ${status}, ${resources} resources`,
  );
  return {
    lines: [
      `stage ${name}, deployed in ${seconds} s: ${found.files.length} files and ${found.images.length} images published, ${found.exports} exports`,
      ...stacks,
    ],
    images: found.images,
  };
}

interface Wanted {
  readonly stacks: readonly string[];
  readonly files: readonly string[];
  readonly images: readonly string[];
}

/** What the assembly says has to be there. */
async function wantedOf(assembly: string): Promise<Wanted> {
  const names = await readdir(assembly);
  const ending = '.assets.json';
  const manifests = await Promise.all(
    names
      .filter((name) => name.endsWith(ending))
      .map(async (name) => manifest.parse(JSON.parse(await readFile(join(assembly, name), 'utf8')))),
  );
  return {
    stacks: names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)),
    files: destinations(manifests.map(({ files }) => files)).flatMap(({ objectKey }) => objectKey ?? []),
    images: destinations(manifests.map(({ dockerImages }) => dockerImages)).flatMap(
      ({ imageTag }) => imageTag ?? [],
    ),
  };
}

function destinations(assets: readonly Assets[]): readonly Destination[] {
  return assets.flatMap((some) =>
    Object.values(some).flatMap(({ destinations: places }) => Object.values(places)),
  );
}

function problemsOf(found: z.infer<typeof account>, wanted: Wanted): readonly string[] {
  if (wanted.stacks.length === 0) return ['expected stacks in the assembly, got none'];
  return [
    ...wanted.stacks
      .filter((stack) => found.stacks[stack]?.status !== 'CREATE_COMPLETE')
      .map((stack) => `expected ${stack} to be complete, got ${found.stacks[stack]?.status ?? 'none'}`),
    ...wanted.files
      .filter((key) => !found.files.includes(key))
      .map((key) => `expected ${key} among the published files, got none`),
    ...wanted.images
      .filter((tag) => !found.images.includes(tag))
      .map((tag) => `expected ${tag} among the published images, got none`),
  ];
}

const destination = z.object({ objectKey: z.string().optional(), imageTag: z.string().optional() });
type Destination = z.infer<typeof destination>;

const assets = z.record(z.string(), z.object({ destinations: z.record(z.string(), destination) }));
type Assets = z.infer<typeof assets>;

const manifest = z.object({ files: assets.default({}), dockerImages: assets.default({}) });

const account = z.object({
  stacks: z.record(z.string(), z.object({ status: z.string(), resources: z.number() })),
  files: z.array(z.string()),
  images: z.array(z.string()),
  exports: z.number(),
});

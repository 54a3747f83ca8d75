import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { STAGES } from '#lib/stages.ts';
import { setUp } from '#local/setup/set-up.ts';
import { EMULATED_DEPLOY_STEPS } from '#local/setup/steps.ts';
import { assetName, findImage } from './image/image-record.ts';
import { imageReport } from './image/image-report.ts';
import { removeImages } from './image/remove-images.ts';
import { runStage } from './run-stage.ts';

const program = new Command('npm run deploy:emulated --')
  .description(
    'Bootstraps and deploys the stages, by the real CDK, to a stand-in for AWS on this machine. It proves that stacks are ' +
      'made in their order, that what one exports another finds, that every property is one of its type once references ' +
      'are resolved, that assets are published, and that the programs of the container image, which is built once for ' +
      'all stages, start from it. It says nothing of rights, quotas and what services do.',
  )
  .addOption(new Option('--stage <name...>', 'which').choices(Object.keys(STAGES)))
  .allowExcessArguments(false)
  .parse();

const { stage: names = Object.keys(STAGES) } = program.opts<{ readonly stage?: readonly string[] }>();
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
try {
  await deploy(names);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function deploy(stages: readonly string[]): Promise<void> {
  await setUp(EMULATED_DEPLOY_STEPS, { needs: ['python'] });
  const folder = await mkdtemp(join(tmpdir(), 'crypto-market-emulated-'));
  const images = join(folder, 'images');
  const builtFor = new Map<string, string>();
  try {
    for (const name of stages) {
      const run = { folder: join(folder, name), images, signal: stop.signal };
      await mkdir(run.folder);
      const { lines, images: hashes } = await runStage(name, run);
      console.log(lines.join('\n'));
      for (const hash of hashes) {
        console.log(imageReport(hash, findImage(images, assetName(hash)), builtFor.get(hash)).join('\n'));
        if (!builtFor.has(hash)) builtFor.set(hash, name);
      }
    }
  } finally {
    await removeImages(images);
    // a killed build may take a moment to let go of its files
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

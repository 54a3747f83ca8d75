import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { STAGES } from '#lib/stages.ts';
import { pythonStep } from '#local/setup/python.ts';
import { setUp } from '#local/setup/set-up.ts';
import { runStage } from './run-stage.ts';

const program = new Command('npm run deploy:emulated --')
  .description(
    'Bootstraps and deploys the stages, by the real CDK, to a stand-in for AWS on this machine. It proves that stacks are ' +
      'made in their order, that what one exports another finds, that every property is one of its type once references ' +
      'are resolved, and that assets are published. It says nothing of rights, quotas and what services do.',
  )
  .addOption(new Option('--stage <name...>', 'which').choices(Object.keys(STAGES)))
  .allowExcessArguments(false)
  .parse();

const { stage: names = Object.keys(STAGES) } = program.opts<{ readonly stage?: readonly string[] }>();
await setUp([pythonStep('aws')], { needs: ['python'] });
const folder = await mkdtemp(join(tmpdir(), 'crypto-market-emulated-'));
try {
  for (const name of names) {
    const images = join(folder, `${name}-images.txt`);
    const report = await runStage(name, join(folder, name), images);
    console.log(report);
    console.log(await readFile(images, 'utf8').catch(() => '  no container images\n'));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { copyFile, link, mkdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Command } from 'commander';
import { buildPlugin } from './connect/build-plugin.ts';
import {
  CONNECTOR_JARS_FOLDER,
  CONNECTOR_PLUGIN_FOLDER,
  ROOT,
  SECRET_PROVIDER_JARS_FOLDER,
} from './setup/folders.ts';
import { SECRET_PROVIDER_JAR } from './setup/secret-provider.ts';
import { setUp } from './setup/set-up.ts';
import { PLUGIN_STEPS } from './setup/steps.ts';

const { into } = new Command('npm run connector:plugin --')
  .description(
    "Builds the sink's plugin for MSK Connect from the jars pinned in connectors/, and what is compiled there.",
  )
  .option('--into <folder>', 'give it into this folder, too: the CDK asks for that when it deploys')
  .allowExcessArguments(false)
  .parse()
  .opts<{ readonly into?: string }>();
try {
  await setUp(PLUGIN_STEPS);
  const file = join(CONNECTOR_PLUGIN_FOLDER, 'candle-sink.zip');
  const { bytes, sha256 } = await buildPlugin(
    {
      pinned: [
        { jars: CONNECTOR_JARS_FOLDER, sums: join(ROOT, 'connectors', 'SHA256SUMS') },
        {
          jars: SECRET_PROVIDER_JARS_FOLDER,
          sums: join(ROOT, 'connectors', 'secret-provider', 'SHA256SUMS'),
        },
      ],
      compiled: [SECRET_PROVIDER_JAR],
    },
    file,
  );
  if (into !== undefined) await give(file, into);
  console.log(`${relative(process.cwd(), file)}\n${bytes} bytes\nSHA-256 ${sha256}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** By a second name of the same bytes where the disk is the same: a newer zip is a new file and does not change them. */
async function give(file: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, basename(file));
  try {
    await link(file, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(file, target);
  }
}

import { join, relative } from 'node:path';
import { Command } from 'commander';
import { buildPlugin } from './connect/build-plugin.ts';
import { CONNECTOR_JARS_FOLDER, CONNECTOR_PLUGIN_FOLDER, ROOT } from './setup/folders.ts';
import { CONNECTOR_JARS } from './setup/jars.ts';
import { setUp } from './setup/set-up.ts';

new Command('npm run connector:plugin --')
  .description("Builds the sink's plugin for MSK Connect from the jars pinned in connectors/SHA256SUMS.")
  .allowExcessArguments(false)
  .parse();
try {
  await setUp([CONNECTOR_JARS]);
  const file = join(CONNECTOR_PLUGIN_FOLDER, 'candle-sink.zip');
  const sums = join(ROOT, 'connectors', 'SHA256SUMS');
  const { bytes, sha256 } = await buildPlugin({ jars: CONNECTOR_JARS_FOLDER, sums }, file);
  console.log(`${relative(process.cwd(), file)}\n${bytes} bytes\nSHA-256 ${sha256}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

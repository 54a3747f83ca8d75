import { parseEnvironment } from '#fargate/ohlc-exporter/env.ts';
import { LOCAL_FOLDER } from './setup/folders.ts';
import { setUp } from './setup/set-up.ts';
import { BATCH_STEPS, RUN_NEEDS, START_STEPS } from './setup/steps.ts';
import { chooseSource } from './supervisor/choose-source.ts';
import { takeFolder } from './supervisor/one-at-a-time.ts';
import { openBrowser } from './supervisor/open-browser.ts';
import type { Half } from './supervisor/part.ts';
import { pipelineParts } from './supervisor/pipeline.ts';
import { takenPorts } from './supervisor/ports.ts';
import { urlOf } from './supervisor/run-options.ts';
import { screenOn } from './supervisor/screen.ts';
import { parseStartOptions } from './supervisor/start-options.ts';
import type { StartOptions } from './supervisor/start-options.ts';
import { stopOnSignals } from './supervisor/stop-on-signals.ts';
import { supervise } from './supervisor/supervise.ts';

const options = parseStartOptions(process.argv.slice(2));
try {
  process.exitCode = (await start(options)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function start({ folder, open, ...given }: StartOptions): Promise<boolean> {
  const screen = screenOn(process.stdout);
  await setUp([...START_STEPS, ...(given.batch ? BATCH_STEPS : [])], { needs: RUN_NEEDS });
  const lock = await takeFolder(folder, screen.say);
  try {
    const { source, reason } = await chooseSource(given.source, exchangeHosts());
    screen.say(`source: ${reason}`);
    const run = { ...given, source, folder };
    const parts = pipelineParts(run);
    const taken = await takenPorts(parts);
    if (taken.length > 0) {
      throw new Error(`${taken.join('; ')}: free it, or move all ports with \`npm start -- --port-base N\``);
    }
    const page = urlOf(run, 'page');
    const onReady = (half: Half) => {
      if (half === 'batch') return screen.say(`the warehouse half is ready: ${queryCommand(folder)}`);
      screen.say(`open ${page} (logs in ${folder}/logs, stop with Ctrl-C)`);
      if (open && process.stdout.isTTY) openBrowser(page, screen.say);
    };
    const supervisor = supervise({ parts, folder, source, screen, onReady });
    stopOnSignals(supervisor, screen.say);
    return await supervisor.done;
  } finally {
    lock.release();
  }
}

/** What to try first. */
function queryCommand(folder: string): string {
  const place = folder === LOCAL_FOLDER ? '' : `--data ${folder} `;
  return `npm run sql -- ${place}"select count(*) from raw.candles_stream"`;
}

/** The exporter's own, from BINANCE_REST_URLS when that is set. */
function exchangeHosts(): readonly string[] {
  const { BINANCE_REST_URLS } = process.env;
  return parseEnvironment({ BINANCE_REST_URLS, KAFKA_BROKERS: '127.0.0.1:1' }).restUrls;
}

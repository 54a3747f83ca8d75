import { findOnPath, isExecutable } from './find-on-path.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep } from './step.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MACOS_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** For the browser test only. */
export const CHROMIUM: SetupStep = {
  name: 'Chromium',
  needs: [],
  check: async () =>
    (await findChromium()) === undefined
      ? { kind: 'missing', detail: `none of ${NAMES.join(', ')} is on the PATH` }
      : { kind: 'present' },
  install: async () => {
    const apt = await findOnPath('apt-get');
    if (apt === undefined || process.getuid?.() !== 0) {
      throw new Error(
        'please install Chromium, or set CHROMIUM_PATH to one, then try again:\n' +
          '    Debian: sudo apt-get update && sudo apt-get install -y chromium\n' +
          '    macOS:  brew install --cask chromium',
      );
    }
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand(apt, ['-q', 'update'], { env });
    await runCommand(apt, ['-q', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', 'chromium'], { env });
  },
};

/** Where the browser is; throws with what to do when there is none. */
export async function chromiumPath(): Promise<string> {
  const path = await findChromium();
  if (path === undefined)
    throw new Error('expected Chromium to be installed, got none: run `npm test`, or set CHROMIUM_PATH');
  return path;
}

async function findChromium(): Promise<string | undefined> {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen) {
    if (await isExecutable(chosen)) return chosen;
    throw new Error(
      `expected CHROMIUM_PATH to be a browser, got ${chosen}, which can't be run: correct or unset it`,
    );
  }
  for (const name of NAMES) {
    const path = await findOnPath(name);
    if (path !== undefined) return path;
  }
  for (const path of MACOS_APPS) {
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

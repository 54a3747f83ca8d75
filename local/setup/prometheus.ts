import { join } from 'node:path';
import { unpackDebianPackages } from './debian-package.ts';
import { findOnPath, isExecutable } from './find-on-path.ts';
import { PROMETHEUS_GO_FOLDER, PROMETHEUS_PACKAGE_FOLDER } from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep } from './step.ts';

const OLDEST = [2, 42] as const;
const GO_MODULE = 'github.com/prometheus/prometheus/cmd';
const GO_VERSION = 'v0.316.0';

export const PROMETHEUS: SetupStep = {
  name: 'Prometheus',
  needs: [],
  check: async () =>
    (await findPrometheus('prometheus')) && (await findPrometheus('promtool'))
      ? { kind: 'present' }
      : { kind: 'missing', detail: `no prometheus ${OLDEST.join('.')} or newer on the PATH` },
  install: async () => {
    if (await findOnPath('dpkg-deb'))
      return unpackDebianPackages({ names: ['prometheus'] }, PROMETHEUS_PACKAGE_FOLDER);
    if (await findOnPath('go')) return installByGo();
    throw new Error(
      'please install Prometheus 2.42 or newer (with promtool), then try again:\n' +
        '    Debian: sudo apt-get install -y prometheus\n    macOS:  brew install prometheus',
    );
  },
};

/** The path of the installed binary; throws with what to do when there is none. */
export async function prometheusPath(name: 'prometheus' | 'promtool'): Promise<string> {
  const path = await findPrometheus(name);
  if (path === undefined)
    throw new Error(`expected ${name} to be installed, got none: run \`npm test\` or \`npm start\``);
  return path;
}

async function findPrometheus(name: string): Promise<string | undefined> {
  for (const folder of [join(PROMETHEUS_PACKAGE_FOLDER, 'usr', 'bin'), join(PROMETHEUS_GO_FOLDER, 'bin')]) {
    if (await isExecutable(join(folder, name))) return join(folder, name);
  }
  const onPath = await findOnPath(name);
  return onPath !== undefined && (await isNewEnough(onPath)) ? onPath : undefined;
}

async function isNewEnough(path: string): Promise<boolean> {
  const text = await runCommand(path, ['--version']);
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(text) ?? [];
  const got = [Number(major), Number(minor)] as const;
  return got[0] > OLDEST[0] || (got[0] === OLDEST[0] && got[1] >= OLDEST[1]);
}

async function installByGo(): Promise<void> {
  await installFolder(PROMETHEUS_GO_FOLDER, async (folder) => {
    const modules = ['prometheus', 'promtool'].map((name) => `${GO_MODULE}/${name}@${GO_VERSION}`);
    await runCommand('go', ['install', '-tags', 'remove_all_sd', ...modules], {
      env: { ...process.env, GOBIN: join(folder, 'bin') },
    });
  });
}

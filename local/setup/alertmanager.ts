import { join } from 'node:path';
import { unpackDebianPackages } from './debian-package.ts';
import { findOnPath, isExecutable } from './find-on-path.ts';
import { ALERTMANAGER_GO_FOLDER, ALERTMANAGER_PACKAGE_FOLDER } from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';
import type { SetupStep } from './step.ts';

const GO_MODULE = 'github.com/prometheus/alertmanager/cmd';
const GO_VERSION = 'v0.28.1';

type AlertmanagerProgram = 'alertmanager' | 'amtool';

export const ALERTMANAGER: SetupStep = {
  name: 'Alertmanager',
  needs: [],
  check: async () =>
    (await findAlertmanager('alertmanager')) && (await findAlertmanager('amtool'))
      ? { kind: 'present' }
      : { kind: 'missing', detail: 'no alertmanager with amtool on the PATH' },
  install: async () => {
    if (await findOnPath('dpkg-deb')) {
      return unpackDebianPackages({ names: ['prometheus-alertmanager'] }, ALERTMANAGER_PACKAGE_FOLDER);
    }
    if (await findOnPath('go')) return installByGo();
    throw new Error(
      'please install Alertmanager 0.25 or newer (with amtool), then try again:\n' +
        '    Debian: sudo apt-get install -y prometheus-alertmanager\n    macOS:  brew install alertmanager',
    );
  },
};

/** The path of the installed binary; throws with what to do when there is none. */
export async function alertmanagerPath(name: AlertmanagerProgram): Promise<string> {
  const path = await findAlertmanager(name);
  if (path === undefined)
    throw new Error(`expected ${name} to be installed, got none: run \`npm test\` or \`npm start\``);
  return path;
}

async function findAlertmanager(name: AlertmanagerProgram): Promise<string | undefined> {
  const debianName = name === 'alertmanager' ? 'prometheus-alertmanager' : name;
  for (const path of [
    join(ALERTMANAGER_PACKAGE_FOLDER, 'usr', 'bin', debianName),
    join(ALERTMANAGER_GO_FOLDER, 'bin', name),
  ]) {
    if (await isExecutable(path)) return path;
  }
  return (await findOnPath(name)) ?? (await findOnPath(debianName));
}

async function installByGo(): Promise<void> {
  await installFolder(ALERTMANAGER_GO_FOLDER, async (folder) => {
    const modules = ['alertmanager', 'amtool'].map((name) => `${GO_MODULE}/${name}@${GO_VERSION}`);
    await runCommand('go', ['install', ...modules], {
      env: { ...process.env, GOBIN: join(folder, 'bin') },
    });
  });
}

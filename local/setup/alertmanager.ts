import { readFile, writeFile } from 'node:fs/promises';
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
      return unpackDebianPackages(
        { names: ['prometheus-alertmanager'], finish: lookForTemplatesHere },
        ALERTMANAGER_PACKAGE_FOLDER,
      );
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

/** What runs Alertmanager, to be followed by its arguments; these have to name files by whole paths. */
export async function alertmanagerCommand(): Promise<readonly [string, ...string[]]> {
  const path = await alertmanagerPath('alertmanager');
  if (!path.startsWith(ALERTMANAGER_PACKAGE_FOLDER)) return [path];
  return ['env', `--chdir=${join(ALERTMANAGER_PACKAGE_FOLDER, TEMPLATES_FOLDER)}`, path];
}

/** Where Debian's build expects its templates, without which it does not start: upstream's has them inside. */
const TEMPLATES_FOLDER = '/usr/share/prometheus/alertmanager';

/** Unpacked without root, they are elsewhere: the path in the program becomes `.`, as long as it was. */
async function lookForTemplatesHere(folder: string): Promise<void> {
  const program = join(folder, 'usr', 'bin', 'prometheus-alertmanager');
  const bytes = await readFile(program);
  const here = Buffer.from('./'.repeat(TEMPLATES_FOLDER.length / 2));
  let found = 0;
  for (let at = bytes.indexOf(TEMPLATES_FOLDER); at !== -1; at = bytes.indexOf(TEMPLATES_FOLDER, at + 1)) {
    here.copy(bytes, at);
    found += 1;
  }
  if (found === 0)
    throw new Error(
      `expected Debian's Alertmanager to look for its templates in ${TEMPLATES_FOLDER}, got another build: ` +
        'put Alertmanager 0.25 or newer (with amtool) on the PATH',
    );
  await writeFile(program, bytes);
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

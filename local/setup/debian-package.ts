import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOLS_FOLDER } from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';

export interface DebianPackages {
  readonly names: readonly string[];
  /** Also those that they depend on, as far as the system does not have them. */
  readonly withDependencies?: boolean;
  /** What is left to do in the unpacked folder, before it is moved to its place. */
  readonly finish?: (folder: string) => Promise<void>;
}

/** Packages of Debian, unpacked without root; apt's own lists are private, so nothing of the system changes. */
export async function unpackDebianPackages(
  { names, withDependencies = false, finish }: DebianPackages,
  target: string,
): Promise<void> {
  const apt = join(TOOLS_FOLDER, 'apt');
  const archives = join(apt, 'cache', 'archives');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${join(apt, 'lists')}`,
    `Dir::Cache=${join(apt, 'cache')}`,
    // apt's sandbox user can't write here as root, which is only worth a warning
    'APT::Sandbox::User=root',
  ];
  const options = ['-q', ...settings.flatMap((setting) => ['-o', setting])];
  // nothing is installed, so there is nothing of the system to lock
  const installOptions = ['-o', 'Debug::NoLocking=1', '--no-install-recommends', '--reinstall', '-y'];
  await installFolder(target, async (folder) => {
    await runCommand('apt-get', [...options, 'update']);
    await runCommand(
      'apt-get',
      withDependencies
        ? [...options, ...installOptions, '--download-only', 'install', ...names]
        : [...options, 'download', ...names],
      { cwd: archives },
    );
    for (const file of await readdir(archives)) {
      if (file.endsWith('.deb')) await runCommand('dpkg-deb', ['-x', join(archives, file), folder]);
    }
    await rm(apt, { recursive: true, force: true });
    await finish?.(folder);
  });
}

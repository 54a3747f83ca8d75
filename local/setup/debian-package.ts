import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOLS_FOLDER } from './folders.ts';
import { installFolder } from './install-folder.ts';
import { runCommand } from './run-command.ts';

/** A package of Debian, unpacked without root; apt's own lists are private, so nothing of the system changes. */
export async function unpackDebianPackage(name: string, target: string): Promise<void> {
  const apt = join(TOOLS_FOLDER, 'apt');
  await mkdir(join(apt, 'lists', 'partial'), { recursive: true });
  await mkdir(join(apt, 'cache', 'archives', 'partial'), { recursive: true });
  const options = [
    '-q',
    '-o',
    `Dir::State::lists=${join(apt, 'lists')}`,
    '-o',
    `Dir::Cache=${join(apt, 'cache')}`,
  ];
  await installFolder(target, async (folder) => {
    await runCommand('apt-get', [...options, 'update']);
    // apt's sandbox user can't write here as root, which is only worth a warning
    await runCommand('apt-get', [...options, '-o', 'APT::Sandbox::User=root', 'download', name], {
      cwd: folder,
    });
    const packages = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    for (const file of packages) {
      await runCommand('dpkg-deb', ['-x', join(folder, file), folder]);
      await rm(join(folder, file));
    }
    await rm(apt, { recursive: true, force: true });
  });
}

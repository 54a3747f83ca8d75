import { chmod, copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findStaticBusybox } from '#local/setup/container-engine.ts';
import { runCommand } from '#local/setup/run-command.ts';
import type { ContainerEngine } from './container-engine.ts';
import { answerOf } from './program-end.ts';

export const STAND_IN_TAG = 'localhost/node-stand-in';
const COMMANDS = ['sh', 'mkdir', 'chown', 'ls', 'cat', 'id'];

/**
 * Makes an image that has of node's what a build and our programs need: this very Node with its libraries, npm, a shell,
 * the user `node`. Returns its tag.
 */
export async function buildStandInBase(engine: ContainerEngine, folder: string): Promise<string> {
  const busybox = await findStaticBusybox();
  if (process.platform !== 'linux' || busybox === undefined)
    throw new Error(
      'expected Linux with a static busybox to make a stand-in for the base image of, ' +
        `got ${process.platform} and ${busybox ?? 'none'}: let the engine reach the registry, or install busybox-static`,
    );
  const root = join(folder, 'root');
  const at = async (path: string) => {
    await mkdir(join(root, dirname(path)), { recursive: true });
    return join(root, path);
  };
  for (const path of ['/dev', '/proc', '/tmp', '/root', '/home/node'])
    await mkdir(join(root, path), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await copyFile(busybox, await at('/bin/busybox'));
  for (const name of COMMANDS) await symlink('busybox', await at(`/bin/${name}`));
  await symlink('/bin/busybox', await at('/usr/bin/env'));
  await copyFile(process.execPath, await at('/usr/local/bin/node'));
  for (const library of await librariesOf(process.execPath)) await copyFile(library, await at(library));
  await installNpm(join(root, 'usr', 'local'));
  await writeFile(
    await at('/etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  );
  await writeFile(await at('/etc/group'), 'root:x:0:\nnode:x:1000:\n');
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  const trusted = [process.env['NODE_EXTRA_CA_CERTS'] ?? '', certificates].find(existsSync);
  if (trusted !== undefined) await cp(trusted, await at(certificates), { dereference: true });
  const variables = [
    'PATH=/usr/local/bin:/usr/bin:/bin',
    ...(trusted === undefined ? [] : [`NODE_EXTRA_CA_CERTS=${certificates}`]),
  ];
  await writeFile(
    join(folder, 'Dockerfile'),
    ['FROM scratch', 'COPY root/ /', `ENV ${variables.join(' ')}`, ''].join('\n'),
  );
  await engine.build(['--tag', STAND_IN_TAG, '.'], folder);
  return STAND_IN_TAG;
}

/** With the loader, which ldd names too; the kernel's own part has no file. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const paths = (await runCommand('ldd', [program])).match(/\/\S+/g) ?? [];
  return paths.filter((path) => path !== program && !path.endsWith(':'));
}

/** Of the same version as here; a copy of it would lack what some systems keep elsewhere. */
async function installNpm(prefix: string): Promise<void> {
  const version = answerOf('npm', ['--version']);
  const options = ['--silent', '--no-audit', '--no-fund', '--global', '--prefix', prefix];
  await runCommand('npm', ['install', ...options, `npm@${version}`]);
}

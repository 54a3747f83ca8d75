import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programEnd } from './program-end.ts';

/**
 * The command that runs the one after it with mounts and processes of its own, and the folder for what is usually
 * under /var. All that it starts and mounts is gone when it is, however it ends. Without root, `asRoot` makes
 * somebody of it who is root of the ids that the system lends.
 */
export async function privateMounts(
  folder: string,
  asRoot: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly [string, ...string[]] | string> {
  const state = join(folder, 'var');
  for (const name of ['lib', 'cache']) await mkdir(join(state, name), { recursive: true });
  const ownMounts = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
  const ownState = [
    'sh',
    '-ec',
    'mount --bind "$0/lib" /var/lib; mount --bind "$0/cache" /var/cache; exec "$@"',
    state,
  ];
  const [command = '', ...args] = [...(process.getuid?.() === 0 ? [] : asRoot), ...ownMounts, ...ownState];
  // what every build does: an image has files of several users
  const trial = 'touch "$0/trial"; chown 1000:1000 "$0/trial"; rm "$0/trial"';
  const { exitCode, stderr } = programEnd(command, [...args, 'sh', '-ec', trial, folder], env);
  if (exitCode === 0) return [command, ...args];
  return (
    `expected to mount and to give files to other users as ${process.getuid?.()}, which this system refuses: be root ` +
    '(in a container, one started with --privileged), or have newuidmap and a range in /etc/subuid and /etc/subgid. ' +
    `It said: ${stderr.trim().replaceAll('\n', '; ')}`
  );
}

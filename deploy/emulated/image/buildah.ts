import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { runCommand } from '#local/setup/run-command.ts';
import type { BuiltImage, ContainerEngine } from './container-engine.ts';
import { privateMounts } from './private-mounts.ts';
import { answerOf, programEnd } from './program-end.ts';

/** Needs no server, and keeps all images and containers in the folder. A text is why it can't work here. */
export async function openBuildah(program: string, folder: string): Promise<ContainerEngine | string> {
  const temporary = join(folder, 'temporary');
  const configuration = join(folder, 'containers.conf');
  const registries = join(folder, 'registries.conf');
  const policy = join(folder, 'policy.json');
  await mkdir(temporary, { recursive: true });
  await writeFile(configuration, `[network]\nnetwork_config_dir = ${JSON.stringify(temporary)}\n`);
  // as in Docker: names without a host are Docker's, and the digest says which image it has to be
  await writeFile(registries, 'unqualified-search-registries = ["docker.io"]\n');
  await writeFile(policy, '{"default": [{"type": "insecureAcceptAnything"}]}\n');
  const env = {
    ...process.env,
    TMPDIR: temporary,
    XDG_CACHE_HOME: temporary,
    XDG_CONFIG_HOME: temporary,
    XDG_DATA_HOME: temporary,
    XDG_RUNTIME_DIR: temporary,
    CONTAINERS_CONF: configuration,
    CONTAINERS_REGISTRIES_CONF: registries,
  };
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
  const buildah = [program, ...storage, '--storage-driver', 'vfs'];
  const confined = await privateMounts(folder, [...buildah, 'unshare', '--'], env);
  if (typeof confined === 'string') return confined;
  const [command, ...first] = confined;
  const run = (args: readonly string[], cwd = folder) =>
    runCommand(command, [...first, ...buildah, ...args], { env, cwd });
  const ask = (...args: readonly string[]) => answerOf(command, [...first, ...buildah, ...args], env);
  const policyOption = ['--signature-policy', policy];

  const open = (tag: string): BuiltImage => {
    const image = imageSchema.parse(JSON.parse(ask('inspect', '--type', 'image', tag)));
    const { User, Env, Cmd, WorkingDir, Volumes } = image.OCIv1.config;
    const container = ask('from', ...policyOption, '--pull-never', tag);
    const root = ask('mount', container);
    const enter = ['sh', '-ec', ENTER, root, temporary, User, Object.keys(Volumes).join(' ')];
    const inside = ['/usr/bin/env', '-i', ...Env, '/bin/sh', '-c', 'cd "$0" && exec "$@"', WorkingDir];
    return {
      id: `sha256:${image.FromImageID}`,
      user: User,
      command: Cmd,
      run: (args) =>
        programEnd(command, [...first, 'unshare', '--net', '--', ...enter, ...inside, ...args], env),
    };
  };

  return {
    name: answerOf(program, ['--version'], env).replace(/^(\S+) version (\S+).*$/s, '$1 $2'),
    pull: async (image) => void (await run(['pull', ...policyOption, image])),
    build: async (args, cwd) => {
      const ignoreFile = existsSync(join(cwd, '.dockerignore')) ? ['--ignorefile', '.dockerignore'] : [];
      const isolation = ['--isolation', 'chroot', '--network', 'host', '--pull-never', '--layers=false'];
      await run(['build', ...policyOption, ...isolation, ...ignoreFile, ...args], cwd);
    },
    open,
    // without root, files of the image's other users can only be removed as who they belong to
    remove: async () =>
      void (await runCommand(command, [...first, 'rm', '-rf', join(folder, 'storage')], { env })),
  };
}

/** As a container runtime does it: volumes start as what the image has there, and are all that can be written to. */
const ENTER = `
  root=$0 temporary=$1 user=$2 volumes=$3; shift 3
  mount -t tmpfs tmpfs "$temporary"
  mount --bind "$root" "$root"
  mount -o remount,bind,ro "$root"
  for volume in $volumes; do
    copy=$(mktemp -d -p "$temporary")
    cp -a "$root$volume" "$copy/volume"
    mount --bind "$copy/volume" "$root$volume"
  done
  mount --rbind /dev "$root/dev"
  mount --rbind /proc "$root/proc"
  exec chroot --userspec="$user" --groups= "$root" "$@"`;

const imageSchema = z.object({
  FromImageID: z.string(),
  OCIv1: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Cmd: z.array(z.string()),
      WorkingDir: z.string(),
      Volumes: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
});

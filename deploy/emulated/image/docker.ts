import * as z from 'zod';
import type { EngineProgram } from '#local/setup/container-engine.ts';
import { runCommand } from '#local/setup/run-command.ts';
import type { ContainerEngine } from './container-engine.ts';
import { answerOf, programEnd } from './program-end.ts';

/** Docker, or Podman, which takes the same command lines. */
export function openDocker({ name, path }: EngineProgram): ContainerEngine {
  return {
    name: `${name} ${/\d+\.[\w.]+/.exec(answerOf(path, ['--version']))?.[0]}`,
    pull: async (image) => void (await runCommand(path, ['pull', image])),
    build: async (args, cwd) => void (await runCommand(path, ['build', ...args], { cwd })),
    open: (tag) => {
      const { Id, Config } = imageSchema.parse(
        JSON.parse(answerOf(path, ['image', 'inspect', '--format', '{{json .}}', tag])),
      );
      return {
        id: Id.startsWith('sha256:') ? Id : `sha256:${Id}`,
        user: Config.User,
        command: Config.Cmd,
        run: (command) =>
          programEnd(path, ['run', '--rm', '--read-only', '--network', 'none', tag, ...command]),
      };
    },
    remove: async (tags) => {
      const known = tags.filter((tag) => answerOf(path, ['image', 'ls', '--quiet', tag]) !== '');
      if (known.length > 0) await runCommand(path, ['image', 'rm', '--force', ...known]);
    },
  };
}

const imageSchema = z.object({
  Id: z.string(),
  Config: z.object({ User: z.string(), Cmd: z.array(z.string()) }),
});

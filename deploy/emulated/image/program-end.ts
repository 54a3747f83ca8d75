import { spawnSync } from 'node:child_process';

export interface ProgramEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A failure of the program is an outcome; only what can't be started throws. */
export function programEnd(command: string, args: readonly string[], env = process.env): ProgramEnd {
  const { error, status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (error) throw error;
  return { exitCode: status, stdout, stderr };
}

/** Without what it says beside it, as of its settings. */
export function answerOf(command: string, args: readonly string[], env = process.env): string {
  const { exitCode, stdout, stderr } = programEnd(command, args, env);
  if (exitCode === 0) return stdout.trim();
  throw new Error(
    `expected exit code 0 from \`${[command, ...args].join(' ')}\`, got ${exitCode}:\n${stderr}`,
  );
}

import { spawn } from 'node:child_process';
import { killGroup } from '#local/supervisor/launch.ts';

interface GroupOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end, in a group of processes of its own: when the signal comes, it and all that it started are
 * killed, and it throws the signal's reason. Throws with the last lines of its output if it fails.
 */
export async function runInGroup(
  command: string,
  args: readonly string[],
  { cwd, env, signal }: GroupOptions,
): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  signal.addEventListener('abort', kill);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  try {
    const end = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => resolve(code ?? killedBy));
    });
    signal.throwIfAborted();
    const tail = output.trimEnd().split('\n').slice(-25).join('\n');
    if (end !== 0)
      throw new Error(`expected exit code 0 from \`${[command, ...args].join(' ')}\`, got ${end}:\n${tail}`);
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

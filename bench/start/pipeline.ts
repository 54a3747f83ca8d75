import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '#local/setup/folders.ts';
import { freePortRange } from '#test/local/free-ports.ts';

export interface StartedPipeline extends AsyncDisposable {
  readonly page: string;
  readonly exchange: string;
  /** Resolves when `npm start` has said where the page is. */
  readonly untilOpen: () => Promise<void>;
}

interface PipelineOptions {
  readonly folder: string;
  /** 1 is the pace of the clock. */
  readonly speed: number;
  readonly batch: boolean;
}

const PORTS = 11;

/** A cold machine takes a minute; what takes this long will never come. */
const GIVE_UP_MS = 240_000;

/** `npm start` as a user types it, on ports and data of its own; `await using` stops it and waits until it is gone. */
export async function startPipeline({ folder, speed, batch }: PipelineOptions): Promise<StartedPipeline> {
  const base = await freePortRange(PORTS);
  const page = `http://127.0.0.1:${base}`;
  const [program, ...args] = [...endedWithUs(), 'npm', 'start', '--', '--replay', '--no-open'] as const;
  args.push('--port-base', String(base), '--data', folder);
  if (speed > 1) args.push('--speed', String(speed));
  if (!batch) args.push('--no-batch');
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const over = once(child, 'close');
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return {
    page,
    exchange: `http://127.0.0.1:${base + 1}`,
    untilOpen: async () => {
      const endMs = Date.now() + GIVE_UP_MS;
      while (!said.includes(`open ${page}`)) {
        if (isOver() || Date.now() > endMs)
          throw new Error(`expected npm start to open ${page}, it said:\n${said}`);
        await sleep(20);
      }
    },
    async [Symbol.asyncDispose]() {
      // not SIGINT, which npm leaves to the terminal to give to its children
      if (!isOver()) child.kill('SIGTERM');
      await over;
    },
  };
}

/** A bench that is killed must not leave a pipeline behind. */
function endedWithUs(): readonly string[] {
  return process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'TERM'] : [];
}

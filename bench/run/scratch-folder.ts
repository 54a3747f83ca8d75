import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one case, gone with it, and when the whole bench is broken off: ten years of candles are 45 GB. */
export async function scratchFolder(): Promise<{ readonly path: string } & Disposable> {
  const path = await mkdtemp(join(tmpdir(), 'crypto-market-bench-'));
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    path,
    [Symbol.dispose]: () => {
      process.off('exit', remove);
      remove();
    },
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of a frame in fixtures/frames: `kline-closed-combined`. */
export function recordedFrame(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'fixtures/frames', `${name}.json`));
}

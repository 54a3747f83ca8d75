import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { ask } from '#local/supervisor/ask.ts';
import type { Part } from '#local/supervisor/part.ts';
import { portOf, urlOf } from '#local/supervisor/run-options.ts';
import type { RunOptions } from '#local/supervisor/run-options.ts';

/** Stands in for Binance. */
export function exchangePart(options: RunOptions): Part {
  const url = urlOf(options, 'exchange');
  const { exchange: symbols } = options.symbols;
  return {
    name: 'exchange',
    half: 'live',
    dependsOn: [],
    ports: [portOf(options, 'exchange')],
    url,
    prepare: () =>
      Promise.resolve({
        command: [
          process.execPath,
          join(ROOT, 'local', 'exchange', 'main.ts'),
          `--port=${portOf(options, 'exchange')}`,
          `--speed=${options.speed}`,
          ...(symbols === undefined ? [] : [`--symbols=${symbols}`]),
        ],
      }),
    check: async () => {
      const { status } = await ask(`${url}/api/v3/ping`);
      return status === 200 ? { kind: 'ready' } : { kind: 'down', detail: `answers a ping with ${status}` };
    },
  };
}

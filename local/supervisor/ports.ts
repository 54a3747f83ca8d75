import { createServer } from 'node:net';
import type { Part } from './part.ts';

/** One sentence for each port that is taken, with the part that wants it. */
export async function takenPorts(parts: readonly Part[]): Promise<readonly string[]> {
  const wanted = parts.flatMap(({ name, ports }) => ports.map((port) => ({ name, port })));
  const checked = await Promise.all(
    wanted.map(async ({ name, port }) =>
      (await isFree(port)) ? [] : [`port ${port} is taken, which ${name} needs`],
    ),
  );
  return checked.flat();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

import { parseEnv } from './env.ts';
import { startPage } from './server.ts';

try {
  const page = await startPage(parseEnv(process.env));
  process.stdout.write(`${JSON.stringify({ event: 'listening', url: page.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void page[Symbol.asyncDispose]().then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

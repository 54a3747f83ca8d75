import { Logger } from '@aws-lambda-powertools/logger';
import { EnvironmentError } from '#domain/environment.ts';
import { parseEnvironment } from './env.ts';
import { runForwarder } from './run-forwarder.ts';

const logger = new Logger({ serviceName: 'metrics-forwarder' });

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

try {
  await runForwarder(
    parseEnvironment(process.env),
    (level, event, facts) => logger[level](event, { event, ...facts }),
    stop.signal,
  );
  process.exit(0);
} catch (error) {
  // What a person has to mend is said plainly; anything else is a bug and keeps its stack.
  const known = error instanceof EnvironmentError;
  logger.error('failed', {
    event: 'failed',
    reason: error instanceof Error ? error.message : String(error),
    ...(known || !(error instanceof Error) ? {} : { stack: error.stack }),
  });
  process.exit(1);
}

import { createLog, describeError } from './log.ts';
import { EnvironmentError } from '#domain/environment.ts';
import { parseEnvironment } from './env.ts';
import { FatalSendError } from './candle-publisher.ts';
import { MissingTopicError, RefusedReadError } from './kafka-cursor.ts';
import { runExporter } from './exporter.ts';

const log = createLog();
// Node prints its warnings as plain text, which no reader of one JSON line an event can take.
process.removeAllListeners('warning');
process.on('warning', (warning) =>
  log.warn('runtime-warning', { reason: `${warning.name}: ${warning.message}` }),
);

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    log.info('stopping', { signal });
    stop.abort();
  });
}

try {
  await runExporter(parseEnvironment(process.env), log, stop.signal);
  log.info('stopped');
  process.exit(0);
} catch (error) {
  // What a person has to mend is said plainly; anything else is a bug and keeps its stack.
  const known =
    error instanceof EnvironmentError ||
    error instanceof MissingTopicError ||
    error instanceof RefusedReadError ||
    error instanceof FatalSendError;
  if (known && process.stderr.isTTY) process.stderr.write(`${error.message}\n`);
  log.error('failed', {
    reason: describeError(error),
    ...(known || !(error instanceof Error) ? {} : { stack: error.stack }),
  });
  process.exit(1);
}

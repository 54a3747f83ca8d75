import { Logger } from '@aws-lambda-powertools/logger';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** One JSON line an event. */
export function createLog(): Log {
  return new Logger({ serviceName: 'event-source' });
}

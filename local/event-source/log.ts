import { Logger } from '@aws-lambda-powertools/logger';
import { logLevel } from 'kafkajs';
import type { logCreator } from 'kafkajs';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** One JSON line an event. */
export function createLog(): Log {
  return new Logger({ serviceName: 'event-source' });
}

/** kafkajs's own lines in the same form. */
export function kafkaLogCreator(log: Log): logCreator {
  return () =>
    ({ level, namespace, log: { message, error, groupId, retryCount, retryTime } }) => {
      const facts = { event: 'kafka-client', namespace, error, groupId, retryCount, retryTime };
      if (level === logLevel.ERROR) log.error(message, facts);
      else log.warn(message, facts);
    };
}

import { Logger } from '@aws-lambda-powertools/logger';

/** One JSON line an event: a stable `event` name and its facts, no payloads. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

export function createLog(): Log {
  const logger = new Logger({ serviceName: 'ohlc-exporter' });
  return {
    info: (event, facts = {}) => logger.info(event, { event, ...facts }),
    warn: (event, facts = {}) => logger.warn(event, { event, ...facts }),
    error: (event, facts = {}) => logger.error(event, { event, ...facts }),
  };
}

/** The text of anything thrown, with its causes, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message}${code}${error.cause === undefined ? '' : `: ${describeError(error.cause)}`}`;
}

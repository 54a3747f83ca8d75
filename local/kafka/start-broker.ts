import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';
import { prepareBroker } from './broker.ts';
import type { BrokerOptions } from './broker.ts';
import { brokerAnswers } from './topics.ts';

export interface RunningBroker extends RunningProcess {
  /** As KAFKA_BROKERS wants it. */
  readonly brokers: string;
}

/** Starts a broker and waits until it answers; `await using` stops it and waits until it is gone. */
export async function startBroker(
  options: BrokerOptions & { readonly logFile: string; readonly timeoutMs?: number },
): Promise<RunningBroker> {
  const brokers = `127.0.0.1:${options.port}`;
  const running = await startProcess({
    name: 'kafka',
    command: await prepareBroker(options),
    logFile: options.logFile,
    isReady: () => brokerAnswers(brokers),
    timeoutMs: options.timeoutMs ?? 60_000,
  });
  return { ...running, brokers };
}

import { join } from 'node:path';
import { otherCpus } from '#bench/run/cpus.ts';
import { prepareBroker } from '#local/kafka/broker.ts';
import { brokerAnswers } from '#local/kafka/topics.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { freePorts } from '#test/local/free-ports.ts';

interface BenchBroker extends AsyncDisposable {
  /** As KAFKA_BROKERS wants it. */
  readonly brokers: string;
}

/** The pipeline's own broker on the CPUs that no contestant is on. */
export async function startPinnedBroker(folder: string): Promise<BenchBroker> {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const brokers = `127.0.0.1:${port}`;
  const command = await prepareBroker({
    port,
    controllerPort,
    dataDir: join(folder, 'kafka'),
    // each run's topic is deleted after it, and the disk is to have it back before the next
    settings: { 'log.segment.delete.delay.ms': 1000 },
  });
  const broker = await startProcess({
    name: 'kafka',
    command: pinned(command),
    logFile: join(folder, 'kafka.log'),
    isReady: () => brokerAnswers(brokers),
    timeoutMs: 120_000,
  });
  const stopWithUs = () => broker.kill('SIGKILL');
  process.once('exit', stopWithUs);
  return {
    brokers,
    [Symbol.asyncDispose]: async () => {
      process.off('exit', stopWithUs);
      await broker[Symbol.asyncDispose]();
    },
  };
}

function pinned(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  const cpus = otherCpus();
  return cpus.length === 0 || process.platform !== 'linux'
    ? command
    : ['taskset', '--cpu-list', cpus.join(','), ...command];
}

import { afterAll, beforeAll } from 'vitest';
import { startExporterRun } from '#test/faults/harness/exporter-run.ts';
import type { Exporter, RunOptions } from '#test/faults/harness/exporter-run.ts';
import { startKafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import type { KafkaCluster } from '#test/faults/harness/kafka-cluster.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

/** One broker for all tests of a file, on which each run has topics of its own. */
export function onOneBroker() {
  const stack = new AsyncDisposableStack();
  let folder = '';
  let kafka: KafkaCluster | undefined;
  beforeAll(async () => {
    folder = stack.use(await temporaryFolder()).path;
    kafka = stack.use(await startKafkaCluster(folder));
  }, 120_000);
  afterAll(async () => stack.disposeAsync(), 60_000);

  const cluster = (): KafkaCluster => {
    if (kafka === undefined) throw new Error('expected a broker, got none yet');
    return kafka;
  };
  return {
    cluster,
    startRun: async (options: Omit<RunOptions, 'kafka' | 'folder'> = {}) =>
      startExporterRun({ kafka: cluster(), folder, ...options }),
  };
}

/** True where Kafka was slow enough for the client to send something again, which makes duplicates. */
export function wasResent(exporter: Exporter): boolean {
  return /"event":"(kafka-client|kafka-client-error|publish-failed)"/.test(exporter.log());
}

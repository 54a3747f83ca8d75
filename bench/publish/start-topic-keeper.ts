import { join } from 'node:path';
import { startServer } from '#bench/run/start-server.ts';
import type { BenchServer } from '#bench/run/start-server.ts';

/** What makes a topic for each run, and reads it back; its first line is what `topic.ts` wants as BENCH_TOPICS. */
export function startTopicKeeper(brokers: string): Promise<BenchServer> {
  return startServer([process.execPath, join(import.meta.dirname, 'topic-keeper.ts')], {
    BENCH_BROKERS: brokers,
    NODE_NO_WARNINGS: '1',
  });
}

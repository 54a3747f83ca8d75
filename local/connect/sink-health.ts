import type { CandleSink } from '#connectors/candle-sink.ts';
import { reasonOf } from '#local/supervisor/ask.ts';
import type { Health } from '#local/supervisor/part.ts';
import { restartFailed, sinkStatus } from './connect-rest.ts';
import type { SinkInstance } from './connect-rest.ts';
import { sinkPosition } from './sink-topics.ts';

/** Between two attempts to start what has failed: time for the warehouse to come back. */
const RESTART_EVERY_MS = 10_000;

/** Asks the worker again and again how its sink does, and starts again what has failed. */
export function watchSink(restUrl: string, brokers: string, nowMs: () => number = Date.now) {
  let restartedMs = Number.NEGATIVE_INFINITY;
  return async (sink: CandleSink): Promise<Health> => {
    const status = await sinkStatus(restUrl, sink.name);
    if (status.kind === 'absent') return { kind: 'waiting', detail: `${sink.name} is not there yet` };
    const { instances } = status;
    const failed = instances.find(({ state }) => state === 'FAILED');
    if (failed !== undefined) {
      if (nowMs() - restartedMs > RESTART_EVERY_MS) {
        restartedMs = nowMs();
        await restartFailed(restUrl, sink.name);
      }
      return { kind: 'waiting', detail: `${failed.name} failed: ${firstLine(failed)}` };
    }
    const idle = instances.find(({ state }) => state !== 'RUNNING');
    if (idle !== undefined) return { kind: 'waiting', detail: `${idle.name} is ${idle.state}` };
    // the connector has to divide its work first
    if (instances.length < 2) return { kind: 'waiting', detail: 'it has no task yet' };
    return withPosition(brokers, sink);
  };
}

/** Errors of single rows leave a task RUNNING, so they are counted where the rows lie. */
async function withPosition(brokers: string, sink: CandleSink): Promise<Health> {
  try {
    const { lag, deadLetters } = await sinkPosition(brokers, sink);
    const detail = `${deadLetters} in ${sink.topics.deadLetter}`;
    return deadLetters === 0 ? { kind: 'ready', lag } : { kind: 'ready', lag, detail };
  } catch (error) {
    return { kind: 'waiting', detail: `lag unknown: ${reasonOf(error)}` };
  }
}

function firstLine({ trace }: SinkInstance): string {
  return trace?.split('\n')[0] ?? 'without a reason';
}

import type { SeriesOf } from './candle-series.ts';
import { decodeRecords } from './decode-records.ts';
import { dropUnacceptable, waitForCloseMs } from './drop-unacceptable.ts';
import { firstFailures } from './first-failures.ts';
import { keepAllAside } from './keep-all-aside.ts';
import { readMskEvent } from './msk-event.ts';
import type { BatchResponse } from './msk-event.ts';
import type { ConsumerPorts } from './ports.ts';
import { rejectPoison, rejectSamples } from './rejection.ts';
import { countByReason } from './report.ts';
import type { ConsumeReport } from './report.ts';
import { sendCandles } from './send-candles.ts';

/** Latest times, on the clock of the ports, for the two kinds of work. */
export interface Deadlines {
  readonly sendMs: number;
  /** Later than the other, so that what was refused last can still be kept. */
  readonly keepAsideMs: number;
}

/**
 * From an event of Lambda's MSK source to samples in the metrics store. Each record ends stored, dropped and counted,
 * kept aside, or handed back; a partition is handed back from its first record that is none of the others.
 */
export async function consumeEvent(
  event: unknown,
  deadlines: Deadlines,
  seriesOf: SeriesOf,
  ports: ConsumerPorts,
): Promise<{ readonly response: BatchResponse; readonly report: ConsumeReport }> {
  const records = readMskEvent(event);
  const { candles, poison } = decodeRecords(records);
  // Before the sending, which may use up the time: what comes before the first failure is not delivered again.
  const poisonKept = await keepAllAside(poison.map(rejectPoison), deadlines.keepAsideMs, ports);

  const waitMs = waitForCloseMs(candles, ports.now());
  if (waitMs > 0 && ports.now() + waitMs < deadlines.sendMs) await ports.sleep(waitMs);
  const { accepted, dropped } = dropUnacceptable(candles, ports.now());
  const sent = await sendCandles(accepted, deadlines.sendMs, seriesOf, ports);
  const samplesKept = await keepAllAside(rejectSamples(sent.refused), deadlines.keepAsideMs, ports);

  const notKept = [...poisonKept.failed, ...samplesKept.failed];
  const failures = firstFailures([...sent.unsent.map(({ record }) => record), ...notKept]);
  const { refused, unsent, ...counts } = sent;
  return {
    response: { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) },
    report: {
      ...counts,
      records: records.length,
      candles: candles.length,
      poison: countByReason(poison),
      dropped,
      refused: countByReason(refused),
      unsent: unsent.length,
      keptAside: poisonKept.kept + samplesKept.kept,
      notKeptAside: notKept.length,
      keepAsideError: poisonKept.error ?? samplesKept.error,
      handedBack: failures,
    },
  };
}

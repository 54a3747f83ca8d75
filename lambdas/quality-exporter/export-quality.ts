import type { RefusalReason } from '#remote-write/classify-refusal.ts';
import { deliver } from '#remote-write/deliver.ts';
import type { RequestCounts, SendPorts } from '#remote-write/deliver.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import type { Sample } from '#remote-write/sample.ts';
import { splitRequests } from '#remote-write/split-requests.ts';
import { batchRunSamples } from './batch-run.ts';
import type { BatchRun } from './batch-run.ts';
import { exportDays, qualitySamples } from './quality-samples.ts';
import type { ExportDays } from './quality-samples.ts';
import type { MartRows } from './read-marts.ts';

/** All that an export does to the world. */
export interface ExportPorts extends SendPorts {
  readonly read: (firstDay: string) => Promise<MartRows>;
}

/** What one export did, in numbers. */
export interface ExportOutcome {
  /** The samples' timestamp. */
  readonly exportedAt: string;
  readonly symbols: number;
  readonly partitions: number;
  /** Samples. */
  readonly stored: number;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
  readonly unsent: number;
  readonly requests: RequestCounts;
  /** Why this export is not whole; none when it is. What could be exported is, whatever else is missing. */
  readonly problems: readonly string[];
}

/**
 * From the marts to the metrics store. Rejects when the marts can't be read; everything else that goes wrong is a
 * problem of the outcome.
 */
export async function exportQuality(
  run: BatchRun,
  deadlineMs: number,
  ports: ExportPorts,
): Promise<ExportOutcome> {
  const nowMs = ports.now();
  const ofRun = batchRunSamples(run, nowMs);
  const days = exportDays(nowMs);
  const send = (samples: readonly Sample[]) =>
    deliver(splitRequests(groupBySeries(samples).samples), deadlineMs, ports);
  const rows = await ports.read(days.yesterday).catch(async (error: unknown) => {
    // a warehouse that can't be read is the very time to say how the run went
    await send(ofRun);
    throw error;
  });
  const delivery = await send([...ofRun, ...qualitySamples(rows, nowMs)]);

  const refused: Partial<Record<RefusalReason, number>> = {};
  for (const { reason } of delivery.refused) refused[reason] = (refused[reason] ?? 0) + 1;
  const [firstRefused] = delivery.refused;
  return {
    exportedAt: new Date(nowMs).toISOString(),
    symbols: new Set(rows.quality.map(({ EXCHANGE, SYMBOL }) => `${EXCHANGE}/${SYMBOL}`)).size,
    partitions: rows.audit.length,
    stored: delivery.stored,
    refused,
    unsent: delivery.unsent.length,
    requests: delivery.requests,
    problems: [
      ...emptyMarts(rows, days),
      ...(firstRefused ? [`${delivery.refused.length} samples were refused: ${firstRefused.detail}`] : []),
      ...(delivery.gaveUp === undefined
        ? []
        : [`${delivery.unsent.length} samples could not be sent: ${delivery.gaveUp}`]),
    ],
  };
}

function emptyMarts({ quality, newestDay, audit }: MartRows, days: ExportDays): readonly string[] {
  const problems: string[] = [];
  if (newestDay === undefined) {
    problems.push(
      'MARTS.MART_DATA_QUALITY is empty: expected a row per symbol and day, land candles and build the models first',
    );
  } else if (quality.length === 0) {
    problems.push(
      `MARTS.MART_DATA_QUALITY has nothing for ${days.today} or ${days.yesterday}, its newest day is ${newestDay}: ` +
        'see whether candles land and the models are built',
    );
  }
  if (audit.length === 0) {
    problems.push(
      'MARTS.MART_PIPELINE_AUDIT is empty: expected a row per topic and partition, see whether the sink connector lands rows',
    );
  }
  return problems;
}

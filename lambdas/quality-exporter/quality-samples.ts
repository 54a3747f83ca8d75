import { QUALITY_METRICS } from '#domain/metrics.ts';
import type { GapClass } from '#domain/metrics.ts';
import type { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import type { AuditRow, MartRows, QualityRow } from './read-marts.ts';

/** The two UTC days that are exported, as YYYY-MM-DD. */
export interface ExportDays {
  readonly today: string;
  readonly yesterday: string;
}

export function exportDays(nowMs: number): ExportDays {
  return { today: dayOf(nowMs), yesterday: dayOf(nowMs - DAY_MS) };
}

/** All gauges of one export, every one stamped with its time; the same rows and time give the same samples. */
export function qualitySamples(rows: MartRows, nowMs: number): readonly Sample[] {
  const windows = Object.entries(exportDays(nowMs)).map(([window, day]) => ({ window, day }));
  const values = [
    ...rows.quality.flatMap((row) => {
      // A day that is neither, of the future for example, has no window to be in.
      const window = windows.find(({ day }) => day === row.DATE_DAY)?.window;
      return window === undefined ? [] : symbolSamples(row, window);
    }),
    ...rows.audit.flatMap((row) => partitionSamples(row, nowMs)),
    // Half an export must not look fresh.
    ...(rows.quality.length > 0 && rows.audit.length > 0
      ? [sampleOf('exportTime', {}, String(nowMs / 1000))]
      : []),
  ];
  return values.map((value) => ({ ...value, timestampMs: nowMs }));
}

const DAY_MS = 86_400_000;

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

type Metric = keyof typeof QUALITY_METRICS;
type Labels<M extends Metric> = Readonly<Record<(typeof QUALITY_METRICS)[M]['labels'][number], string>>;
type Value = Omit<Sample, 'timestampMs'>;

/** The compiler holds the labels to those that the metric is declared with. */
function sampleOf<M extends Metric>(metric: M, labels: Labels<M>, value: string): Value {
  return { labels: seriesLabels({ __name__: QUALITY_METRICS[metric].name, ...labels }), value };
}

function symbolSamples(row: QualityRow, window: string): readonly Value[] {
  const labels = { exchange: row.EXCHANGE, symbol: row.SYMBOL, window };
  const missing = {
    ours: row.MISSING_OURS_MINUTES,
    exchange: row.MISSING_EXCHANGE_MINUTES,
    delisted: row.MISSING_DELISTED_MINUTES,
  } satisfies Record<GapClass, string>;
  const lags = { '0.5': row.LAG_P50_SECONDS, '0.95': row.LAG_P95_SECONDS, '0.99': row.LAG_P99_SECONDS };
  return [
    sampleOf('expectedMinutes', labels, row.EXPECTED_MINUTES),
    sampleOf('presentMinutes', labels, row.PRESENT_MINUTES),
    sampleOf('lateMinutes', labels, row.LATE_MINUTES),
    sampleOf('correctedMinutes', labels, row.CORRECTED_MINUTES),
    sampleOf('healedMinutes', labels, row.HEALED_MINUTES),
    ...Object.entries(missing).map(([gapClass, minutes]) =>
      sampleOf('missingMinutes', { ...labels, class: gapClass }, minutes),
    ),
    ...Object.entries(lags).flatMap(([quantile, seconds]) =>
      seconds === null ? [] : [sampleOf('landingLag', { ...labels, quantile }, seconds)],
    ),
  ];
}

function partitionSamples(row: AuditRow, nowMs: number): readonly Value[] {
  const labels = { topic: row.TOPIC, partition: row.KAFKA_PARTITION };
  return [
    sampleOf('expectedOffsets', labels, row.EXPECTED_OFFSETS),
    sampleOf('missingOffsets', labels, row.MISSING_OFFSETS),
    sampleOf('duplicateRows', labels, row.DUPLICATE_ROWS),
    sampleOf('lastLandingAge', labels, String((nowMs - row.LAST_LANDED_AT) / 1000)),
  ];
}

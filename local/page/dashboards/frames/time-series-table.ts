import { reduced } from '#local/page/browser/dashboards/reduce.ts';
import type { Frame, NumberField } from '#local/page/dashboards/frame.ts';
import { bareField } from './to-frames.ts';

/** A row per series of each query: its labels, and itself as `Trend #A` for a sparkline. Tables stay as they are. */
export function timeSeriesTable(
  frames: readonly Frame[],
  options: Readonly<Record<string, unknown>>,
): readonly Frame[] {
  const refIds = new Set(frames.filter(isSeries).map(({ refId }) => refId));
  const tables = [...refIds].map((refId): Frame => {
    const trends = frames
      .filter((frame) => frame.refId === refId && isSeries(frame))
      .flatMap((frame) =>
        frame.fields
          .filter((field): field is NumberField => field.type === 'number')
          .map((field) => trendOf(frame, field, statOf(options[refId]))),
      );
    const names = [...new Set(trends.flatMap(({ labels }) => Object.keys(labels)))];
    return {
      refId,
      length: trends.length,
      stepMs: undefined,
      fields: [
        ...names.map((name) =>
          bareField(
            'string',
            name,
            trends.map(({ labels }) => labels[name] ?? null),
          ),
        ),
        bareField(
          'frame',
          `Trend #${refId}`,
          trends.map(({ frame }) => frame),
        ),
      ],
    };
  });
  return [...frames.filter((frame) => !isSeries(frame)), ...tables];
}

function isSeries({ fields }: Frame): boolean {
  return fields.length > 1 && fields.every(({ type }) => type !== 'string');
}

function trendOf(frame: Frame, field: NumberField, stat: string) {
  const fields = [...frame.fields.filter(({ type }) => type === 'time'), field];
  return { labels: field.labels, frame: { ...frame, fields, value: reduced(field.values, stat) } };
}

/** Which number stands for a series. */
function statOf(option: unknown): string {
  const stat = typeof option === 'object' && option !== null && 'stat' in option ? option.stat : undefined;
  return typeof stat === 'string' ? stat : 'lastNotNull';
}

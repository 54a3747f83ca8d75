import type { Sample, Series } from '#local/page/answers.ts';
import type { FieldConfig, Target } from '#local/page/dashboards/dashboard-schema.ts';
import type { Field, Frame } from '#local/page/dashboards/frame.ts';
import { interpolateText } from '#local/page/dashboards/interpolate.ts';
import type { VariableValues } from '#local/page/dashboards/interpolate.ts';

/** What Prometheus answered to one of a panel's queries. */
export interface TargetResult {
  readonly target: Pick<Target, 'refId' | 'format' | 'legendFormat' | 'expr'>;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly series: readonly Series[];
}

/** Frames as Grafana's Prometheus data source makes them of its answers, before transformations and overrides. */
export function toFrames(results: readonly TargetResult[], values: VariableValues): readonly Frame[] {
  const tables = results.filter(({ target }) => target.format === 'table').length;
  return results.flatMap((result): readonly Frame[] => {
    if (result.series.length === 0) return [];
    switch (result.target.format) {
      case 'time_series':
        return result.series.map((series) => seriesFrame(result, series, values));
      case 'table':
        return [tableFrame(result, tables > 1 ? `Value #${result.target.refId}` : 'Value')];
      case 'heatmap':
        return [heatmapFrame(result)];
    }
  });
}

const NO_CONFIG: FieldConfig = { mappings: [], links: [], custom: {} };

/** A field without its panel's configuration yet. */
export function bareField<T extends Field['type']>(
  type: T,
  name: string,
  values: Extract<Field, { type: T }>['values'],
  more: { readonly displayName?: string; readonly labels?: Field['labels'] } = {},
): Field {
  const { displayName = name, labels = {} } = more;
  return { type, name, displayName, labels, config: NO_CONFIG, values } as Field; // values are of this type's
}

/** Prometheus's text; `+Inf` is its own way to write infinity. */
function toNumber(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}

function seriesFrame(result: TargetResult, series: Series, values: VariableValues): Frame {
  const { target, stepMs } = result;
  return {
    refId: target.refId,
    length: series.samples.length,
    stepMs: stepMs || undefined,
    fields: [
      bareField(
        'time',
        'Time',
        series.samples.map(([timeMs]) => timeMs),
      ),
      bareField(
        'number',
        'Value',
        series.samples.map(([, text]) => toNumber(text)),
        { displayName: legendOf(result, series, values), labels: series.labels },
      ),
    ],
  };
}

/** The query's legend with the series' labels in it; without one, the labels that tell the series apart. */
function legendOf({ target, series: all }: TargetResult, { labels }: Series, values: VariableValues): string {
  const { legendFormat = '', expr } = target;
  if (legendFormat === '__auto') {
    const varying = Object.entries(labels).filter(([name, value]) =>
      all.some((other) => other.labels[name] !== value),
    );
    if (varying.length === 1) return varying[0]?.[1] ?? '';
    return inBraces(varying.length > 0 ? varying : Object.entries(labels)) || expr;
  }
  if (legendFormat === '') return inBraces(Object.entries(labels)) || expr;
  const withLabels = legendFormat.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
  return interpolateText(withLabels, values);
}

/** `metric{a="b"}`, as Prometheus writes it. */
function inBraces(labels: readonly (readonly [string, string])[]): string {
  const metric = labels.find(([name]) => name === '__name__')?.[1] ?? '';
  const others = labels.filter(([name]) => name !== '__name__');
  return (
    metric + (others.length > 0 ? `{${others.map(([n, v]) => `${n}=${JSON.stringify(v)}`).join(', ')}}` : '')
  );
}

function tableFrame({ target, stepMs, series }: TargetResult, valueName: string): Frame {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels).toSorted()))];
  const rows = series.flatMap(({ labels, samples }) => samples.map((sample) => ({ labels, sample })));
  return {
    refId: target.refId,
    length: rows.length,
    stepMs: stepMs || undefined,
    fields: [
      bareField(
        'time',
        'Time',
        rows.map(({ sample }) => sample[0]),
      ),
      ...names.map((name) =>
        bareField(
          'string',
          name,
          rows.map(({ labels }) => labels[name] ?? ''),
        ),
      ),
      bareField(
        'number',
        valueName,
        rows.map(({ sample }) => toNumber(sample[1])),
      ),
    ],
  };
}

/** Buckets count everything up to their `le`: each becomes what it has more than the one below it. */
function heatmapFrame({ target, stepMs, series }: TargetResult): Frame {
  const buckets = series
    .map(({ labels, samples }) => ({ le: labels['le'] ?? '', counts: countsByTime(samples) }))
    .toSorted((a, b) => toNumber(a.le) - toNumber(b.le));
  const times = [...new Set(series.flatMap(({ samples }) => samples.map(([timeMs]) => timeMs)))];
  times.sort((a, b) => a - b);
  return {
    refId: target.refId,
    length: times.length,
    stepMs: stepMs || undefined,
    fields: [
      bareField('time', 'Time', times),
      ...buckets.map(({ le, counts }, index) => {
        const below = buckets[index - 1]?.counts;
        const own = times.map((timeMs) => {
          const count = counts.get(timeMs);
          return count === undefined ? null : count - (below?.get(timeMs) ?? 0);
        });
        return bareField('number', le, own, { labels: { le } });
      }),
    ],
  };
}

function countsByTime(samples: readonly Sample[]): ReadonlyMap<number, number> {
  return new Map(samples.map(([timeMs, text]) => [timeMs, toNumber(text)]));
}

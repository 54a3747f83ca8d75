import type { Series } from '#local/page/answers.ts';
import type { AnnotationQuery } from '#local/page/dashboards/dashboard-schema.ts';
import type { Annotation } from '#local/page/dashboards/frame.ts';
import { annotationStep, parseDuration } from '#local/page/dashboards/step.ts';

/**
 * The spans in which a series of the query is above 0: samples no further apart than its step are one span, as in
 * Grafana. With `useValueForTime` each value is a time, in ms.
 */
export function toAnnotations(query: AnnotationQuery, series: readonly Series[]): readonly Annotation[] {
  const stepMs = parseDuration(annotationStep(query));
  const tagKeys = (query.tagKeys ?? '').split(',').map((key) => key.trim());
  const byValue = query.useValueForTime === true || query.useValueForTime === 'on';
  return series.flatMap(({ labels, samples }) => {
    const times = byValue
      ? [...new Set(samples.map(([, value]) => Math.floor(Number(value))))].filter(Number.isFinite)
      : samples.filter(([, value]) => Number(value) > 0).map(([timeMs]) => timeMs);
    const spans: { timeMs: number; endMs: number }[] = [];
    for (const timeMs of times) {
      const latest = spans.at(-1);
      if (latest && latest.endMs + stepMs >= timeMs) latest.endMs = timeMs;
      else spans.push({ timeMs, endMs: timeMs });
    }
    return spans.map(({ timeMs, endMs }) => ({
      timeMs,
      endMs: endMs > timeMs ? endMs : undefined,
      title: withLabels(query.titleFormat ?? '', labels) || query.name,
      text: withLabels(query.textFormat ?? '', labels),
      tags: tagKeys.flatMap((key) => labels[key] ?? []),
      colour: query.iconColor,
    }));
  });
}

function withLabels(template: string, labels: Series['labels']): string {
  return template.replaceAll(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
}

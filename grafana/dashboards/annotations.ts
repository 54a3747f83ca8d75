import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { EXPORTER_METRICS } from '#domain/metrics.ts';
import { DATA_SOURCE } from './variables.ts';

/** What happened to the pipeline, as marks in every graph of every page. */
export function annotations(): readonly AnnotationQueryBuilder[] {
  const { rotations, holesFound } = EXPORTER_METRICS;
  return [
    mark('Connection replaced', {
      expr: `sum by (reason) (increase(${rotations.name}[1m])) > 0`,
      text: '{{reason}}: a new connection before the old one went; no candle is missed',
      color: 'blue',
    }),
    mark('Minutes missing', {
      expr: `sum(increase(${holesFound.name}[1m])) > 0`,
      text: 'Candles that did not come by the stream; they are asked for again',
      color: 'orange',
    }),
    mark('Alert', {
      expr: 'max by (alertname, severity, symbol) (ALERTS{alertstate="firing",severity!="info"}) > 0',
      title: '{{alertname}}',
      text: '{{severity}} {{symbol}}',
      color: 'red',
    }),
  ];
}

interface Mark {
  /** Above 0 while it goes on, and without a result otherwise. */
  readonly expr: string;
  /** May hold labels: `{{reason}}`. @default the annotation's name */
  readonly title?: string;
  readonly text: string;
  readonly color: string;
}

function mark(name: string, { expr, title = name, text, color }: Mark): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(DATA_SOURCE)
    .enable(true)
    .expr(expr)
    .step('60s')
    .titleFormat(title)
    .textFormat(text)
    .iconColor(color);
}

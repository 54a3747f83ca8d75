import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

const ROW_WIDTH = 24;
const GRAPH_HEIGHT = 5;

/** One box of the picture in README.md, as a row of the dashboard. */
export interface PartRow {
  readonly title: string;
  /** What it does, and where to look next; Markdown. */
  readonly about: string;
  /** In all the constructs of which the part is made. */
  readonly alarms: readonly cloudwatch.IAlarmRef[];
  readonly graphs: readonly Graph[];
}

export interface Graph {
  readonly title: string;
  /** Of what the numbers are, as the axis says it. */
  readonly unit: string;
  readonly metrics: readonly cloudwatch.IMetric[];
}

export function widgetsOf({ title, about, alarms, graphs }: PartRow): readonly cloudwatch.IWidget[] {
  const heading = new cloudwatch.TextWidget({
    markdown: `## ${title}\n${about}`,
    width: ROW_WIDTH,
    height: 2,
  });
  const status =
    alarms.length === 0
      ? []
      : [
          new cloudwatch.AlarmStatusWidget({
            title: `${title}: alarms`,
            alarms: [...alarms],
            width: ROW_WIDTH,
            // four beside each other
            height: 1 + Math.ceil(alarms.length / 4),
          }),
        ];
  const drawn = graphs.map(
    (graph) =>
      new cloudwatch.GraphWidget({
        title: graph.title,
        left: [...graph.metrics],
        leftYAxis: { label: graph.unit, showUnits: false, min: 0 },
        period: Duration.minutes(5),
        width: Math.floor(ROW_WIDTH / graphs.length),
        height: GRAPH_HEIGHT,
      }),
  );
  return [
    new cloudwatch.Column(heading, ...status, ...(drawn.length > 0 ? [new cloudwatch.Row(...drawn)] : [])),
  ];
}

/** Metrics Insights over all of a namespace that fits: a line for each group. */
export function query(label: string, expression: string): cloudwatch.IMetric {
  return new cloudwatch.MathExpression({
    expression,
    usingMetrics: {},
    label,
    period: Duration.minutes(5),
  });
}

import { stringify } from 'yaml';

export interface AlertReceiver {
  readonly snsTopicArn: string;
  /** Of the topic: requests to it are signed for this region. */
  readonly region: string;
  /** Which deployment it is that calls, in the subject. */
  readonly deployment: string;
}

/**
 * The definition as Amazon Managed Prometheus wants it: Alertmanager's own file as text in a field, with no receiver
 * but SNS. https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-config.html
 */
export function alertmanagerYaml(receiver: AlertReceiver): string {
  return stringify(
    { alertmanager_config: stringify(alertmanagerConfig(receiver), { lineWidth: 0 }) },
    { lineWidth: 0 },
  );
}

function alertmanagerConfig({ snsTopicArn, region, deployment }: AlertReceiver) {
  return {
    route: {
      receiver: RECEIVER,
      // an outage of the exchange is one message, not one for each symbol
      group_by: ['alertname'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '24h',
      routes: [{ matchers: ['severity = "critical"'], receiver: RECEIVER, repeat_interval: '4h' }],
    },
    inhibit_rules: [
      // what an exporter that is away, or has no connection, brings with it
      {
        source_matchers: ['alertname =~ "ExporterDown|ExporterDisconnected"'],
        target_matchers: ['alertname =~ "CandlesStopped|SymbolsStale|LiveLatencyHigh"'],
      },
    ],
    receivers: [
      {
        name: RECEIVER,
        sns_configs: [
          {
            topic_arn: snsTopicArn,
            sigv4: { region },
            send_resolved: true,
            subject: `${deployment}: {{ .CommonLabels.alertname }} {{ .Status }}`,
            message: MESSAGE,
          },
        ],
      },
    ],
  };
}

const RECEIVER = 'alarm-topic';

/** SNS takes 256 kB; groups are by name, so a summary a line stays far below. */
const MESSAGE = [
  '{{ range .Alerts }}{{ .Status }} ({{ .Labels.severity }}): {{ .Annotations.summary }}',
  'since {{ .StartsAt.UTC.Format "2006-01-02 15:04 MST" }}; {{ .Annotations.description }}',
  '{{ end }}',
].join('\n');

import { stringify } from 'yaml';
import { alertmanagerConfig } from './alertmanager-config.ts';
import type { Receivers } from './alertmanager-config.ts';

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
  const toTopic = { critical: sns(receiver, true), warning: sns(receiver, true), info: sns(receiver, false) };
  return stringify({ alertmanager_config: yamlOf(toTopic) }, { lineWidth: 0 });
}

/** Alertmanager's own file for one machine: the page asks Alertmanager, so nobody needs to be told. */
export function localAlertmanagerYaml(
  receivers: Receivers = { critical: {}, warning: {}, info: {} },
): string {
  return yamlOf(receivers);
}

function yamlOf(receivers: Receivers): string {
  return stringify(alertmanagerConfig(receivers), { lineWidth: 0 });
}

function sns({ snsTopicArn, region, deployment }: AlertReceiver, tellsEnd: boolean) {
  return {
    sns_configs: [
      {
        topic_arn: snsTopicArn,
        sigv4: { region },
        send_resolved: tellsEnd,
        subject: `${deployment}: {{ .CommonLabels.alertname }} {{ .Status }}`,
        message: MESSAGE,
      },
    ],
  };
}

/** SNS takes 256 kB; groups are by name, so a few lines for each of its alerts stay far below. */
const MESSAGE = [
  '{{ range .Alerts }}{{ .Status }} ({{ .Labels.severity }}): {{ .Annotations.summary }}',
  'since {{ .StartsAt.UTC.Format "2006-01-02 15:04 MST" }}; {{ .Annotations.description }}',
  'what to do: {{ .Annotations.runbook }}; in Grafana: {{ .Annotations.dashboard }}',
  '{{ end }}',
].join('\n');

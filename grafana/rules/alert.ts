/** A person is woken by the first and reads the second in the morning. */
type Severity = 'critical' | 'warning';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: { readonly summary: string; readonly action: string };
}

interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

interface AlertText {
  readonly name: string;
  /** True of what is wrong, and without a result while all is well. */
  readonly expr: string;
  /** How long it has to be wrong without a break. */
  readonly forMinutes: number;
  /** What is wrong; may use `{{ $value }}` and `{{ $labels.… }}`. */
  readonly summary: string;
  /** What to look at first. */
  readonly action: string;
}

export function critical(text: AlertText): AlertRule {
  return alertRule('critical', text);
}

export function warning(text: AlertText): AlertRule {
  return alertRule('warning', text);
}

function alertRule(severity: Severity, { name, expr, forMinutes, summary, action }: AlertText): AlertRule {
  return {
    alert: name,
    expr,
    for: `${forMinutes}m`,
    labels: { severity },
    annotations: { summary, action },
  };
}

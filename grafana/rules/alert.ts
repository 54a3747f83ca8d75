/**
 * critical wakes a person, warning is read in the morning, and info is news of the market, which nobody has to act upon.
 */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;

export type Severity = (typeof SEVERITIES)[number];

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    /** A path on any Grafana, and on the local page. */
    readonly dashboard: string;
    /** A path in the repository. */
    readonly runbook: string;
  };
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
  /** True of what is wrong, and without a result while all is well; see shapes.ts. */
  readonly expr: string;
  /** How long it has to be wrong without a break. */
  readonly forMinutes: number;
  /** What is wrong, in a line; may use `{{ $value }}` and `{{ $labels.… }}`. */
  readonly summary: string;
  /** What that means for who uses the data, and what to look at first. */
  readonly description: string;
  /** Where it can be seen: dashboardPath(…). */
  readonly dashboard: string;
  /** The page in docs/runbooks/ that has a heading of the alert's name. */
  readonly runbook: RunbookPage;
}

/** Families of alerts that are handled alike. */
type RunbookPage = 'exporter' | 'delivery' | 'data' | 'warehouse' | 'market';

export const critical = (text: AlertText): AlertRule => alertRule('critical', text);
export const warning = (text: AlertText): AlertRule => alertRule('warning', text);
export const info = (text: AlertText): AlertRule => alertRule('info', text);

/**
 * The address of a dashboard with its variables set. A value may be a label of the alert: `urlLabel('symbol')`.
 * What else stands in a value is put into the address as it is.
 */
export function dashboardPath(uid: string, variables: Readonly<Record<string, string>> = {}): string {
  const set = Object.entries(variables).map(([name, value]) => `var-${name}=${value}`);
  return [`/d/${uid}`, ...(set.length > 0 ? [set.join('&')] : [])].join('?');
}

/** The value of an alert's label, for an address: some symbols are not of ASCII. */
export function urlLabel(label: string): string {
  return `{{ $labels.${label} | urlquery }}`;
}

function alertRule(
  severity: Severity,
  { name, expr, forMinutes, runbook, summary, description, dashboard }: AlertText,
): AlertRule {
  return {
    alert: name,
    expr,
    for: `${forMinutes}m`,
    labels: { severity },
    annotations: {
      summary,
      description,
      dashboard,
      runbook: `docs/runbooks/${runbook}.md#${name.toLowerCase()}`,
    },
  };
}

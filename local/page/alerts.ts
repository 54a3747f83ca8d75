import * as z from 'zod';
import type { AlertsAnswer, FiringAlert } from './answers.ts';
import { getJson } from './prometheus.ts';

/** Asks Alertmanager what fires, the gravest first, then the newest; what nobody is told of comes last. */
export async function askAlerts(alertmanagerUrl: string): Promise<AlertsAnswer> {
  const answer = await getJson(`${alertmanagerUrl}/api/v2/alerts`, alertsSchema);
  if (answer.kind === 'unreachable') return { ...answer, url: alertmanagerUrl };
  const names = new Map(answer.body.map(({ fingerprint, labels }) => [fingerprint, labels.alertname]));
  const alerts = answer.body.map((alert) => toFiring(alert, names));
  return { kind: 'alerts', alerts: alerts.toSorted((a, b) => rank(a) - rank(b) || b.sinceMs - a.sinceMs) };
}

function toFiring(
  { labels, annotations, startsAt, status }: z.infer<typeof alertSchema>,
  names: ReadonlyMap<string, string>,
): FiringAlert {
  const { alertname: name, severity } = labels;
  const { summary, description, dashboard, runbook } = annotations;
  const inhibitedBy = new Set(status.inhibitedBy.map((by) => names.get(by) ?? 'another alert'));
  return {
    name,
    severity,
    summary,
    description,
    sinceMs: Date.parse(startsAt),
    // what leads anywhere else is no link of this page
    dashboard: dashboard !== undefined && /^\/d\/[\w-]+(\?|$)/.test(dashboard) ? dashboard : undefined,
    runbook,
    state: inhibitedBy.size > 0 ? 'inhibited' : status.silencedBy.length > 0 ? 'silenced' : 'active',
    inhibitedBy: [...inhibitedBy].toSorted(),
  };
}

const ORDER = ['critical', 'warning', 'info'];

function rank({ severity, state }: FiringAlert): number {
  const known = ORDER.indexOf(severity);
  return (state === 'active' ? 0 : ORDER.length + 1) + (known === -1 ? ORDER.length : known);
}

/** Of Alertmanager's API v2, as much as is shown. */
const alertSchema = z.object({
  fingerprint: z.string(),
  labels: z.object({ alertname: z.string(), severity: z.string().default('unknown') }),
  annotations: z.object({
    summary: z.string().default(''),
    description: z.string().default(''),
    dashboard: z.string().optional(),
    runbook: z.string().optional(),
  }),
  startsAt: z.iso.datetime({ offset: true }),
  status: z.object({ inhibitedBy: z.array(z.string()), silencedBy: z.array(z.string()) }),
});

const alertsSchema = z.array(alertSchema);

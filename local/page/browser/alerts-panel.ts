import type { AlertsAnswer, FiringAlert } from '#local/page/answers.ts';
import { formatDateTime } from '#local/page/format.ts';
import { byId, make, renderKeyed, setText } from './dom.ts';

/** What fires, and what would if nothing else explained it. */
export function showAlerts(answer: AlertsAnswer | undefined): void {
  setText(byId('alerts-state', HTMLParagraphElement), stateOf(answer));
  const alerts = answer?.kind === 'alerts' ? answer.alerts : [];
  const list = byId('alerts', HTMLUListElement);
  list.hidden = alerts.length === 0;
  renderKeyed(list, JSON.stringify(alerts), () => alerts.map(alertItem));
}

function stateOf(answer: AlertsAnswer | undefined): string {
  if (answer === undefined) return 'Asking Alertmanager…';
  if (answer.kind === 'unreachable') return 'Not known: Alertmanager does not answer';
  const active = answer.alerts.filter(({ state }) => state === 'active').length;
  const quiet = answer.alerts.length - active;
  const explained = quiet === 0 ? '' : `, ${quiet} nobody is told of`;
  return active === 0 && quiet === 0 ? 'None fires' : `${active} firing${explained}`;
}

function alertItem(alert: FiringAlert): HTMLElement {
  const { name, severity, state, summary, description, sinceMs, dashboard, runbook } = alert;
  const facts = make('p', 'alert-facts', `since ${formatDateTime(sinceMs)} UTC`, quietBecause(alert));
  if (dashboard !== undefined) {
    const link = make('a', '', 'Dashboard');
    link.setAttribute('href', dashboard);
    link.setAttribute('aria-label', `Dashboard of ${name}`);
    facts.append(' · ', link);
  }
  if (runbook !== undefined) facts.append(' · ', make('code', '', runbook));
  const item = make(
    'li',
    '',
    make('p', 'alert-name', make('b', '', name), ' ', make('span', 'alert-severity', severity)),
    make('p', '', summary),
    make('p', 'muted', description),
    facts,
  );
  item.dataset['severity'] = severity;
  item.dataset['state'] = state;
  return item;
}

function quietBecause({ state, inhibitedBy }: FiringAlert): string {
  if (state === 'inhibited') return ` · explained by ${inhibitedBy.join(', ')}`;
  return state === 'silenced' ? ' · silenced' : '';
}

import type { Dashboard } from './dashboard-schema.ts';
import type { VariableValues } from './interpolate.ts';
import type { RawRange } from './time-range.ts';
import { resolveRange } from './time-range.ts';

/** Everything that a dashboard's address holds: a link, a reload and the back button show the same. */
export interface UrlState {
  readonly range: RawRange;
  /** As in `30s`; empty: not by itself. */
  readonly refresh: string;
  readonly values: VariableValues;
}

/** What the address says, and the dashboard's own where it says nothing that can be read. */
export function readState(search: string, dashboard: Dashboard, nowMs: number): UrlState {
  const parameters = new URLSearchParams(search);
  const asked = {
    from: parameters.get('from') ?? dashboard.time.from,
    to: parameters.get('to') ?? dashboard.time.to,
  };
  const values: Record<string, readonly string[]> = {};
  for (const { name, type } of dashboard.templating.list) {
    const given = parameters.getAll(`var-${name}`);
    if (given.length > 0 && type !== 'constant') values[name] = given;
  }
  return {
    range: resolveRange(asked, nowMs) ? asked : dashboard.time,
    refresh: parameters.get('refresh') ?? dashboard.refresh,
    values,
  };
}

/** In Grafana's order and names. */
export function writeState({ range, refresh, values }: UrlState, dashboard: Dashboard): string {
  const parameters = variableParameters(values, dashboard);
  parameters.set('from', range.from);
  parameters.set('to', range.to);
  parameters.set('refresh', refresh);
  return `?${parameters.toString()}`;
}

/** `var-symbol=BTCUSDT`, and once more for each further value. */
export function variableParameters(values: VariableValues, dashboard: Dashboard): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const { name, type } of dashboard.templating.list) {
    if (type === 'constant' || type === 'datasource') continue;
    for (const value of values[name] ?? []) parameters.append(`var-${name}`, value);
  }
  return parameters;
}

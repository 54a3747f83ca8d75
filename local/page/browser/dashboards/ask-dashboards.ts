import type {
  DashboardAnswer,
  PanelAnswer,
  VariableAnswer,
} from '#local/page/dashboards/dashboard-answers.ts';
import type { Dashboard, Target } from '#local/page/dashboards/dashboard-schema.ts';
import type { VariableValues } from '#local/page/dashboards/interpolate.ts';
import type { TimeRange } from '#local/page/dashboards/time-range.ts';
import { variableParameters } from '#local/page/dashboards/url-state.ts';

/** What a question is about, beside the panel. */
export interface Situation {
  readonly dashboard: Dashboard;
  readonly values: VariableValues;
  readonly range: TimeRange;
}

/** Undefined when the page's own server does not answer, or the question is no longer asked. */
type Asked<T> = Promise<T | undefined>;

export function askDashboard(uid: string): Asked<DashboardAnswer> {
  return ask(`/api/dashboards/${uid}`, new URLSearchParams());
}

export function askTarget(
  situation: Situation,
  about: {
    readonly panel: number;
    readonly target: Target;
    readonly kind: 'instant' | 'range';
    readonly points: number;
  },
  signal: AbortSignal,
): Asked<PanelAnswer> {
  const parameters = parametersOf(situation);
  parameters.set('panel', String(about.panel));
  parameters.set('ref', about.target.refId);
  parameters.set('kind', about.kind);
  parameters.set('points', String(about.points));
  return ask('/api/panel', parameters, signal);
}

export function askAnnotation(situation: Situation, name: string): Asked<PanelAnswer> {
  const parameters = parametersOf(situation);
  parameters.set('annotation', name);
  return ask('/api/annotation', parameters);
}

export function askVariable(situation: Situation, name: string): Asked<VariableAnswer> {
  const parameters = parametersOf(situation);
  parameters.set('name', name);
  return ask('/api/variable', parameters);
}

function parametersOf({ dashboard, values, range }: Situation): URLSearchParams {
  const parameters = variableParameters(values, dashboard);
  parameters.set('dashboard', dashboard.uid);
  parameters.set('from', String(Math.floor(range.fromMs)));
  parameters.set('to', String(Math.floor(range.toMs)));
  if (!isUtc(dashboard)) parameters.set('offset', String(-new Date(range.toMs).getTimezoneOffset()));
  return parameters;
}

export function isUtc({ timezone }: Pick<Dashboard, 'timezone'>): boolean {
  return timezone.toLowerCase() === 'utc';
}

/** Above the 5 s that the server gives Prometheus. */
const TIMEOUT_MS = 8_000;

async function ask<T>(path: string, parameters: URLSearchParams, signal?: AbortSignal): Asked<T> {
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${path}?${parameters.toString()}`, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    // Same repository, same version: the server's answers are typed by dashboard-answers.ts, which both sides import.
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    // The browser's console has the cause; the panel says that the server is gone.
    return undefined;
  }
}

/** Runs at most so many tasks at once, in the order in which they came. */
export function createLimiter(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}

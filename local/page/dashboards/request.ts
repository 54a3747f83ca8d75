import type { Dashboard, Variable } from './dashboard-schema.ts';
import { interpolatePromql } from './interpolate.ts';
import type { Interpolated, VariableValues } from './interpolate.ts';
import { panelsOf } from './load-dashboards.ts';
import { alignToStep, annotationStep, formatDuration, stepOf } from './step.ts';
import { kindsOf } from './target-kinds.ts';
import type { Step } from './step.ts';

/** One request to Prometheus's HTTP API, or why there is none. Times are in ms since 1970. */
export type PanelRequest =
  | { readonly kind: 'instant'; readonly promql: string; readonly timeMs: number }
  | {
      readonly kind: 'range';
      readonly promql: string;
      readonly startMs: number;
      readonly endMs: number;
      readonly stepMs: number;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What the address of a question may hold, checked. */
export interface Asked {
  readonly dashboard: Dashboard;
  readonly fromMs: number;
  readonly toMs: number;
  readonly utcOffsetMs: number;
  readonly values: VariableValues;
  readonly parameters: URLSearchParams;
}

type Parsed = ({ readonly kind: 'asked' } & Asked) | { readonly kind: 'refused'; readonly reason: string };

/** The dashboard, the time range and the variables that a question is about. */
export function parseAsked(parameters: URLSearchParams, dashboards: ReadonlyMap<string, Dashboard>): Parsed {
  const uid = parameters.get('dashboard') ?? '';
  const dashboard = dashboards.get(uid);
  if (!dashboard) return refused('dashboard', `one of ${[...dashboards.keys()].join(', ')}`, uid);
  for (const name of ['from', 'to'] as const) {
    const text = parameters.get(name) ?? '';
    if (!/^\d{1,15}$/.test(text)) return refused(name, 'milliseconds since 1970', text);
  }
  const [fromMs, toMs] = [Number(parameters.get('from')), Number(parameters.get('to'))];
  if (fromMs >= toMs) return refused('to', `a time after from (${fromMs})`, String(toMs));
  const offset = parameters.get('offset') ?? '0';
  if (!/^-?\d{1,5}$/.test(offset)) return refused('offset', 'minutes east of UTC', offset);
  const values: Record<string, readonly string[]> = {};
  for (const key of new Set(parameters.keys())) {
    if (!key.startsWith('var-')) continue;
    values[key.slice('var-'.length)] = parameters.getAll(key);
  }
  return {
    kind: 'asked',
    dashboard,
    fromMs,
    toMs,
    utcOffsetMs: Number(offset) * 60_000,
    values: withConstants(values, dashboard.templating.list),
    parameters,
  };
}

/** The expression is the committed dashboard's: the address names its panel and its query, and never holds PromQL. */
export function buildPanelRequest(asked: Asked): PanelRequest {
  const { dashboard, parameters, fromMs, toMs } = asked;
  const id = parameters.get('panel') ?? '';
  const panel = panelsOf(dashboard).find((candidate) => String(candidate.id) === id);
  if (!panel) return refused('panel', `the number of a panel of ${dashboard.uid}`, id);
  const ref = parameters.get('ref') ?? '';
  const target = panel.targets.find(({ refId }) => refId === ref);
  if (!target) return refused('ref', panel.targets.map(({ refId }) => refId).join(' or '), ref);
  const kind = parameters.get('kind') ?? '';
  const kinds = kindsOf(target);
  if (!kinds.some((known) => known === kind)) return refused('kind', kinds.join(' or '), kind);
  const points = parameters.get('points') ?? '';
  if (!/^\d{1,5}$/.test(points) || Number(points) < 1) return refused('points', 'a number of points', points);
  const step = stepOf({
    fromMs,
    toMs,
    points: panel.maxDataPoints ?? Number(points),
    panelInterval: panel.interval,
    targetInterval: target.interval,
  });
  const built = interpolate(target.expr, asked, step);
  if (built.kind === 'refused') return built;
  if (kind === 'instant') return { kind, promql: built.promql, timeMs: toMs };
  return { kind: 'range', promql: built.promql, ...aligned(asked, step.stepMs) };
}

/** An annotation asks once a minute, or in its own step. */
export function buildAnnotationRequest(asked: Asked): PanelRequest {
  const { dashboard, parameters, fromMs, toMs } = asked;
  const name = parameters.get('annotation') ?? '';
  const annotation = dashboard.annotations.list.find((candidate) => candidate.name === name);
  if (!annotation?.expr) {
    return refused('annotation', `the name of an annotation of ${dashboard.uid}`, name);
  }
  const step = stepOf({
    fromMs,
    toMs,
    points: ANNOTATION_POINTS,
    targetInterval: annotationStep(annotation),
  });
  const built = interpolate(annotation.expr, asked, step);
  if (built.kind === 'refused') return built;
  return { kind: 'range', promql: built.promql, ...aligned(asked, step.stepMs) };
}

/** Grafana's own, where a query has no panel. */
const ANNOTATION_POINTS = 1500;

export interface LabelRequest {
  readonly kind: 'label';
  readonly label: string;
  readonly selector: string | undefined;
}

/** `label_values(selector, label)` or `label_values(label)`: the one query for a variable's values that is known. */
export function buildVariableRequest(asked: Asked): LabelRequest | { kind: 'refused'; reason: string } {
  const name = asked.parameters.get('name') ?? '';
  const variable = asked.dashboard.templating.list.find(
    (candidate) => candidate.name === name && candidate.type === 'query',
  );
  if (!variable) return refused('name', `a variable of ${asked.dashboard.uid} that asks`, name);
  const [, selector, label] = LABEL_VALUES.exec(variable.query) ?? [];
  if (label === undefined) return refused(name, 'label_values(metric, label) as its query', variable.query);
  if (selector === undefined) return { kind: 'label', label, selector };
  const rangeMs = asked.toMs - asked.fromMs;
  const built = interpolate(selector, asked, { stepMs: rangeMs, rateMs: rangeMs });
  return built.kind === 'refused' ? built : { kind: 'label', label, selector: built.promql };
}

const LABEL_VALUES = /^label_values\((?:(.+),)?\s*([a-zA-Z_]\w*)\s*\)$/s;

function interpolate(expr: string, asked: Asked, { stepMs, rateMs }: Step): Interpolated {
  const rangeSeconds = Math.round((asked.toMs - asked.fromMs) / 1000);
  return interpolatePromql(expr, {
    variables: asked.dashboard.templating.list,
    values: asked.values,
    builtIn: {
      __interval: formatDuration(stepMs),
      __interval_ms: String(stepMs),
      __rate_interval: formatDuration(rateMs),
      __rate_interval_ms: String(rateMs),
      __range: `${rangeSeconds}s`,
      __range_s: String(rangeSeconds),
      __range_ms: String(asked.toMs - asked.fromMs),
      __from: String(asked.fromMs),
      __to: String(asked.toMs),
    },
  });
}

function aligned({ fromMs, toMs, utcOffsetMs }: Asked, stepMs: number) {
  return {
    startMs: alignToStep(fromMs, stepMs, utcOffsetMs),
    endMs: alignToStep(toMs, stepMs, utcOffsetMs),
    stepMs,
  };
}

function withConstants(values: VariableValues, variables: readonly Variable[]): VariableValues {
  const constants = variables.filter(({ type }) => type === 'constant');
  return { ...values, ...Object.fromEntries(constants.map(({ name, query }) => [name, [query]])) };
}

function refused(name: string, expected: string, got: string) {
  return { kind: 'refused', reason: `${name}: expected ${expected}, got "${got.slice(0, 64)}"` } as const;
}

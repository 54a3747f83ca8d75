import type { Dashboard, Link } from './dashboard-schema.ts';
import type { Field, Frame } from './frame.ts';
import { interpolateText } from './interpolate.ts';
import type { VariableValues } from './interpolate.ts';
import type { RawRange } from './time-range.ts';
import { variableParameters } from './url-state.ts';

export interface LinkContext {
  readonly dashboard: Dashboard;
  readonly values: VariableValues;
  readonly range: RawRange;
}

export interface LinkPlace {
  readonly frame: Frame;
  readonly field: Field;
  readonly row: number;
}

/**
 * A link's address with its variables in it, each escaped for an address: `${symbol}`, `${__field.labels.symbol}`,
 * `${__data.fields.symbol}`, `${__value.raw}`, `${__url_time_range}`, `${__all_variables}`. Empty for an address that
 * leads neither into this page nor to http.
 */
export function linkUrl(template: string, context: LinkContext, at?: LinkPlace): string {
  const { values, range, dashboard } = context;
  const time = new URLSearchParams({ from: range.from, to: range.to }).toString();
  const url = template
    .replaceAll(/\$\{?__url_time_range\}?/g, time)
    .replaceAll(/\$\{?__all_variables\}?/g, variableParameters(values, dashboard).toString())
    .replaceAll(/\$\{__(from|to)\}/g, (_, edge: 'from' | 'to') => encodeURIComponent(range[edge]))
    .replaceAll(
      /\$\{__(field|data|value|series)[.[]([^}:]+?)(?::\w+)?\}/g,
      (whole, scope: string, path: string) => (at ? encodeURIComponent(valueAt(scope, path, at)) : whole),
    );
  const escaped = Object.fromEntries(
    Object.entries(values).map(([name, chosen]) => [name, chosen.map(encodeURIComponent)]),
  );
  const asParameter = /\$\{(\w+):queryparam\}/g;
  const written = url.replaceAll(asParameter, (whole) => interpolateText(whole, values));
  return safe(interpolateText(written, escaped));
}

function valueAt(scope: string, path: string, { frame, field, row }: LinkPlace): string {
  const label = /^labels(?:\.(\w+)|\["(.+)"\])$/.exec(path);
  if (scope === 'field' && label) return field.labels[label[1] ?? label[2] ?? ''] ?? '';
  if (scope === 'field' || scope === 'series') return field.displayName;
  if (scope === 'value') return textOf(field.values[row]);
  const [, name, quoted, index] = /^fields(?:\.([^.]+)|\["(.+)"\]|\[(\d+)\])$/.exec(path) ?? [];
  const wanted = name ?? quoted;
  const other =
    index === undefined
      ? frame.fields.find((one) => one.name === wanted || one.displayName === wanted)
      : frame.fields[Number(index)];
  return textOf(other?.values[row]);
}

function textOf(value: Field['values'][number] | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function safe(url: string): string {
  return /^(https?:\/\/|\/(?!\/)|\?|#)/i.test(url) ? url : '';
}

/** A dashboard's or a panel's link, which may carry the variables and the time along. */
export function linkTarget(
  link: Pick<Link, 'url' | 'includeVars' | 'keepTime'>,
  context: LinkContext,
): string {
  const url = linkUrl(link.url, context);
  if (url === '') return url;
  const parameters = link.includeVars
    ? variableParameters(context.values, context.dashboard)
    : new URLSearchParams();
  if (link.keepTime) {
    parameters.set('from', context.range.from);
    parameters.set('to', context.range.to);
  }
  const more = parameters.toString();
  return more === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${more}`;
}

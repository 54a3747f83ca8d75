import type { Variable } from './dashboard-schema.ts';

/** What the variables are set to, by name. `$__all` alone stands for every value. */
export type VariableValues = Readonly<Record<string, readonly string[]>>;

export const ALL = '$__all';

/** `$name`, `${name}` or `${name:format}`. */
const REFERENCE = /\$(?:\{(\w+)(?::(\w+))?\}|(\w+))/g;

/**
 * Writes the variables' values into text that people read or into an address. A name that is not known stays as it is,
 * as in Grafana.
 */
export function interpolateText(text: string, values: VariableValues): string {
  return text.replaceAll(REFERENCE, (reference, braced, format, bare) => {
    const chosen = values[String(braced ?? bare)];
    if (!chosen) return reference;
    if (format === 'queryparam') {
      const name = encodeURIComponent(`var-${String(braced ?? bare)}`);
      return chosen.map((value) => `${name}=${encodeURIComponent(value)}`).join('&');
    }
    const shown = chosen.length === 1 && chosen[0] === ALL ? ['All'] : chosen;
    const joined = shown.join(format === 'pipe' ? '|' : format === 'csv' ? ',' : ' + ');
    return format === 'percentencode' ? encodeURIComponent(joined) : joined;
  });
}

export interface PromqlContext {
  readonly variables: readonly Variable[];
  readonly values: VariableValues;
  /** `$__interval` and its like, by name. */
  readonly builtIn: Readonly<Record<string, string>>;
}

export type Interpolated =
  | { readonly kind: 'promql'; readonly promql: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Writes the variables' values into a dashboard's PromQL. A value that the browser chose only ever becomes part of a
 * string there: it is escaped for it, and an expression that has it elsewhere is refused. Only values that the
 * dashboard lists itself (custom, interval, constant) may stand outside of one.
 */
export function interpolatePromql(expr: string, context: PromqlContext): Interpolated {
  let promql = '';
  let at = 0;
  let quote = '';
  for (const match of expr.matchAll(REFERENCE)) {
    const between = expr.slice(at, match.index);
    quote = quoteAfter(between, quote);
    const written = write(match, quote, context);
    if (written.kind === 'refused') return written;
    promql += between + written.promql;
    at = match.index + match[0].length;
  }
  return { kind: 'promql', promql: promql + expr.slice(at) };
}

function write(match: RegExpExecArray, quote: string, context: PromqlContext): Interpolated {
  const [reference, braced, format, bare] = match;
  const name = braced ?? bare ?? '';
  const builtIn = context.builtIn[name];
  if (builtIn !== undefined) return { kind: 'promql', promql: builtIn };
  const variable = context.variables.find((candidate) => candidate.name === name);
  // A `$` at the end of a regular expression is no variable.
  if (!variable) return { kind: 'promql', promql: reference };
  if (format !== undefined && format !== 'regex') {
    return refused(`${reference}: expected no format or regex in a query, got "${format}"`);
  }
  const chosen = context.values[name] ?? [];
  if (chosen.length === 0) return refused(`expected a value of the variable ${name}, got none`);
  const asPattern = variable.multi || variable.includeAll || format === 'regex';
  if (asPattern && chosen.length === 1 && chosen[0] === ALL) {
    return { kind: 'promql', promql: variable.allValue ? variable.allValue : '.*' };
  }
  const listed = listedValues(variable);
  if (listed) {
    const other = chosen.find((value) => !listed.includes(value));
    if (other !== undefined) {
      return refused(`${name}: expected one of ${listed.join(', ')}, got "${other.slice(0, 64)}"`);
    }
  } else if (quote !== '"' && quote !== "'") {
    return refused(`${reference}: expected it between " or ' in a query, as its values come from outside`);
  }
  const inString = (value: string) => (quote === '' ? value : escapeString(value));
  if (!asPattern) return { kind: 'promql', promql: inString(chosen.join(',')) };
  const patterns = chosen.map((value) => inString(escapePattern(value)));
  return { kind: 'promql', promql: patterns.length === 1 ? patterns.join('') : `(${patterns.join('|')})` };
}

/** The values that the dashboard itself lists; undefined for variables whose values come from outside. */
export function listedValues({ type, query }: Variable): readonly string[] | undefined {
  if (type === 'constant') return [query];
  if (type !== 'custom' && type !== 'interval') return undefined;
  return query
    .split(',')
    .map((option) => option.trim().replace(/^.+? : /, ''))
    .filter((value) => value !== '');
}

/** Which quote is open after this text; empty for none. A backquoted string knows no escapes. */
function quoteAfter(text: string, before: string): string {
  let quote = before;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (quote === '') {
      if (character === '"' || character === "'" || character === '`') quote = character;
    } else if (character === '\\' && quote !== '`') i++;
    else if (character === quote) quote = '';
  }
  return quote;
}

/** RE2's own characters, which PromQL's patterns use. */
function escapePattern(value: string): string {
  return value.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}

/** For either kind of quote: by their numbers, since PromQL allows `\'` only between single ones. */
function escapeString(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\x22`)
    .replaceAll("'", String.raw`\x27`)
    .replaceAll('\n', String.raw`\n`);
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason };
}

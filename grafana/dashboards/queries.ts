import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATA_SOURCE } from './variables.ts';

/** Over the time range. The legend may hold labels: `{{symbol}}`. */
export function over(expr: string, legend = ''): DataqueryBuilder {
  return query(expr).range().legendFormat(legend);
}

/** At the end of the time range only. */
export function now(expr: string, legend = ''): DataqueryBuilder {
  return query(expr).instant().legendFormat(legend);
}

/** Over the time range as a table with the columns Time and Value, for transformations that join by Time. */
export function overAsTable(expr: string): DataqueryBuilder {
  return query(expr).range().format(PromQueryFormat.Table);
}

/** At the end of the time range, as a table with a column for each label and one for the value. */
export function nowAsTable(expr: string): DataqueryBuilder {
  return query(expr).instant().format(PromQueryFormat.Table);
}

function query(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATA_SOURCE).expr(expr);
}

/** Per second, over a window that holds four samples however far the reader zooms. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

/** How much a counter grew in what one point of the graph stands for. */
export function growth(counter: string): string {
  return `increase(${counter}[$__rate_interval])`;
}

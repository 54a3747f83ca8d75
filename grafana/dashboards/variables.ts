import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** What every panel and query asks: the data source that the reader chooses at the top. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

export function dataSourceVariable(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder('datasource')
    .label('Data source')
    .description('The Prometheus that holds the metrics')
    .type('prometheus');
}

/** Several values of a label, or all: to be matched as `label=~"$label"`. */
export function labelsVariable(
  ...[label, metric, text]: Parameters<typeof labelVariable>
): QueryVariableBuilder {
  return labelVariable(label, metric, text)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: ['All'], value: ['$__all'] });
}

/** One out of a few. */
export function choiceVariable(
  name: string,
  values: readonly [string, ...string[]],
  { title, description }: { readonly title: string; readonly description: string },
): CustomVariableBuilder {
  return new CustomVariableBuilder(name)
    .label(title)
    .description(description)
    .values(values.join(','))
    .current({ text: values[0], value: values[0] });
}

/** The values that a label has in a metric now. */
export function labelVariable(
  label: string,
  metric: string,
  { title, description }: { readonly title: string; readonly description: string },
): QueryVariableBuilder {
  const query = `label_values(${metric}, ${label})`;
  return (
    new QueryVariableBuilder(label)
      // oxlint-disable-next-line unicorn/no-array-sort -- a setting of the SDK's, no array
      .sort(VariableSort.AlphabeticalAsc)
      .label(title)
      .description(description)
      .datasource(DATA_SOURCE)
      .query({ query, refId: 'values', qryType: 1 })
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
  );
}

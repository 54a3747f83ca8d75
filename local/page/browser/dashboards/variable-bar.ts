import type { Dashboard, Variable } from '#local/page/dashboards/dashboard-schema.ts';
import { ALL, listedValues } from '#local/page/dashboards/interpolate.ts';
import type { VariableValues } from '#local/page/dashboards/interpolate.ts';
import type { TimeRange } from '#local/page/dashboards/time-range.ts';
import { chooseValues, orderOptions } from '#local/page/dashboards/variable-options.ts';
import { askVariable } from './ask-dashboards.ts';
import { createOptionPicker } from './option-picker.ts';

export interface VariableBar {
  /**
   * Asks for the options and settles on a value of each variable, in their order, since one may hang on another.
   * Returns what is wrong, if anything is.
   */
  readonly settle: (given: VariableValues, range: TimeRange) => Promise<Settled>;
  /** Shows these as chosen. */
  readonly show: (values: VariableValues) => void;
}

interface Settled {
  readonly values: VariableValues;
  readonly problem: string | undefined;
}

/** The pickers of a dashboard's variables. */
export function createVariableBar(
  container: HTMLElement,
  dashboard: Dashboard,
  onChange: (name: string, values: readonly string[]) => void,
): VariableBar {
  const variables = dashboard.templating.list.filter(
    ({ type }) => type !== 'datasource' && type !== 'constant',
  );
  const pickers = new Map(
    variables
      .filter(({ hide }) => hide !== 2)
      .map((variable) => {
        const { name, label, description = '', multi } = variable;
        const picker = createOptionPicker(
          {
            name,
            label: label ?? name,
            description,
            multi,
            textOf: (value) => (value === ALL ? 'All' : value),
          },
          (values) => onChange(name, values),
        );
        return [name, picker] as const;
      }),
  );
  container.replaceChildren(...[...pickers.values()].map(({ element }) => element));
  const known = new Map<string, readonly string[]>();
  const show = (values: VariableValues) => {
    for (const [name, picker] of pickers) picker.show(known.get(name) ?? [], values[name] ?? []);
  };

  return {
    show,
    async settle(given, range) {
      let values: VariableValues = { datasource: ['prometheus'], ...constants(dashboard) };
      let problem: string | undefined;
      for (const variable of variables) {
        // One may hang on another's value.
        // oxlint-disable-next-line no-await-in-loop
        const answer = await optionsOf(variable, { dashboard, values, range });
        if (answer.problem !== undefined) problem = `${variable.label ?? variable.name}: ${answer.problem}`;
        const all = variable.includeAll ? [ALL] : [];
        const options = [...all, ...answer.options];
        known.set(variable.name, options);
        const chosen = chooseValues(variable, options, given[variable.name]);
        if (chosen.length > 0) values = { ...values, [variable.name]: chosen };
      }
      show(values);
      return { values, problem };
    },
  };
}

function constants({ templating }: Dashboard): VariableValues {
  return Object.fromEntries(
    templating.list.filter(({ type }) => type === 'constant').map(({ name, query }) => [name, [query]]),
  );
}

async function optionsOf(
  variable: Variable,
  situation: { readonly dashboard: Dashboard; readonly values: VariableValues; readonly range: TimeRange },
): Promise<{ readonly options: readonly string[]; readonly problem?: string }> {
  const listed = listedValues(variable);
  if (listed) return { options: listed };
  if (variable.type === 'textbox') return { options: [variable.query] };
  const answer = await askVariable(situation, variable.name);
  if (!answer) return { options: [], problem: 'the server of this page does not answer' };
  if (answer.kind === 'refused') return { options: [], problem: answer.reason };
  if (answer.kind === 'unreachable') {
    return { options: [], problem: `Prometheus at ${answer.url} can't be asked: ${answer.detail}` };
  }
  return { options: orderOptions(variable, answer.values) };
}

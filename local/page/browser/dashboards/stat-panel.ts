import * as z from 'zod';
import { make, renderKeyed } from '#local/page/browser/dom.ts';
import { bigValues, reduceOptions } from './reduced-values.ts';
import type { BigValue } from './reduced-values.ts';
import type { DrawPanel } from './panel-types.ts';
import { drawSparkline } from './sparkline.ts';
import { valueLink } from './value-link.ts';

const statOptions = z.object({
  reduceOptions: reduceOptions.prefault({}),
  graphMode: z.enum(['none', 'area', 'line']).default('area'),
  colorMode: z.enum(['none', 'value', 'background', 'background_solid']).default('value'),
  textMode: z.enum(['auto', 'value', 'value_and_name', 'name', 'none']).default('auto'),
  justifyMode: z.enum(['auto', 'center']).default('auto'),
  orientation: z.enum(['auto', 'horizontal', 'vertical']).default('auto'),
});

/** Numbers as large as their place allows, each with its history behind it. */
export const drawStat: DrawPanel = (element, panel, first, host) => {
  const options = statOptions.parse(panel.options);
  const list = make('ul', 'viz-stats');
  element.classList.add('viz');
  element.append(list);
  let data = first;

  function show(): void {
    const values = bigValues(options.reduceOptions, data);
    renderKeyed(list, keyOf(values), () => values.map((value) => tile(value, values.length)));
    layOut();
  }

  /** As many columns as leave each tile its shape; the size of its text follows by the style sheet. */
  function layOut(): void {
    const [width, height, count] = [element.clientWidth, element.clientHeight, list.childElementCount];
    const columns = options.orientation === 'horizontal' ? 1 : columnsFor(count, width, height);
    list.style.setProperty('--columns', String(columns));
  }

  function tile(value: BigValue, count: number): HTMLElement {
    const { prefix = '', text, suffix = '' } = value.shown.parts;
    const withName = options.textMode === 'value_and_name' || (options.textMode === 'auto' && count > 1);
    const colour = value.shown.colour ?? 'var(--text)';
    const number = make(
      'span',
      'viz-stat-value',
      ...(prefix ? [make('span', 'viz-stat-unit', prefix)] : []),
      text,
      ...(suffix ? [make('span', 'viz-stat-unit', suffix)] : []),
    );
    const item = make(
      'li',
      options.justifyMode === 'center' || count === 1 ? 'viz-stat centred' : 'viz-stat',
    );
    const graph = options.graphMode !== 'none' && value.points.length > 1;
    const onBackground = options.colorMode.startsWith('background');
    const painted = options.colorMode === 'none' ? 'var(--muted)' : colour;
    if (graph) {
      item.append(drawSparkline(value.points, { colour: painted, stepMs: value.stepMs }));
    }
    if (options.textMode === 'name' || withName) item.append(make('span', 'viz-stat-name', value.name));
    if (options.textMode !== 'name' && options.textMode !== 'none') {
      item.append(valueLink(number, value.field, host, value));
      item.style.setProperty('--length', String(Math.max(3, (prefix + text + suffix).length)));
    }
    if (options.colorMode === 'value') number.style.color = value.shown.textColour ?? 'var(--text)';
    if (onBackground) {
      item.classList.add('filled');
      if (value.shown.textColour !== value.shown.colour) item.classList.add('pale');
      item.style.setProperty('--fill', colour);
    }
    return item;
  }

  show();
  return {
    update(next) {
      data = next;
      show();
    },
    resize: layOut,
    // Colours are custom properties: the style sheet follows the theme by itself.
    recolour: () => undefined,
    destroy: () => element.replaceChildren(),
  };
};

function keyOf(values: readonly BigValue[]): string {
  return JSON.stringify(values.map(({ name, shown, points }) => [name, shown, points]));
}

/** The number of columns whose tiles are nearest to three times as wide as high. */
function columnsFor(count: number, width: number, height: number): number {
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  for (let columns = 1; columns <= count; columns++) {
    const shape = width / columns / (height / Math.ceil(count / columns));
    const away = Math.abs(Math.log(shape / 3));
    if (away < least) [best, least] = [columns, away];
  }
  return best;
}

import * as z from 'zod';
import { make, renderKeyed } from '#local/page/browser/dom.ts';
import { barOf } from './gauge-bar.ts';
import type { DrawPanel } from './panel-types.ts';
import { bigValues, reduceOptions } from './reduced-values.ts';
import { valueLink } from './value-link.ts';

const barGaugeOptions = z.object({
  reduceOptions: reduceOptions.prefault({}),
  displayMode: z.enum(['basic', 'gradient', 'lcd']).default('gradient'),
  valueMode: z.enum(['color', 'text', 'hidden']).default('color'),
  showUnfilled: z.boolean().default(true),
  orientation: z.enum(['auto', 'horizontal', 'vertical']).default('auto'),
  minVizHeight: z.number().default(16),
});

/** A bar for each number, from the least value to the greatest. */
export const drawBarGauge: DrawPanel = (element, panel, first, host) => {
  const options = barGaugeOptions.parse(panel.options);
  // Upright bars have no room for names on a phone: both orientations lie.
  const list = make('ul', 'viz-gauges');
  list.style.setProperty('--least', `${options.minVizHeight}px`);
  element.classList.add('viz');
  element.append(list);
  list.tabIndex = 0;
  list.setAttribute('aria-label', panel.title);
  let data = first;

  function show(): void {
    const values = bigValues(options.reduceOptions, data);
    renderKeyed(list, JSON.stringify(values.map(({ name, value, shown }) => [name, value, shown])), () =>
      values.map((value) => {
        const bar = barOf(options, value);
        const text = make('span', 'viz-gauge-value', value.shown.text);
        if (options.valueMode === 'color') text.style.color = value.shown.textColour ?? 'var(--text)';
        const name = make('span', 'viz-gauge-name', value.name);
        name.title = value.name;
        return make(
          'li',
          'viz-gauge',
          name,
          bar,
          ...(options.valueMode === 'hidden' ? [] : [valueLink(text, value.field, host, value)]),
        );
      }),
    );
  }

  show();
  return {
    update(next) {
      data = next;
      show();
    },
    // The style sheet follows size and theme by itself.
    resize: () => undefined,
    recolour: () => undefined,
    destroy: () => element.replaceChildren(),
  };
};

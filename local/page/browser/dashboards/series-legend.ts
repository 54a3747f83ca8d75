import { make, renderKeyed } from '#local/page/browser/dom.ts';
import { calcName } from './reduce.ts';
import type { LegendOptions } from './time-series-options.ts';
import { swatch } from './tooltip.ts';

export interface LegendItem {
  readonly name: string;
  readonly colour: string;
  /** A text for each of the legend's calculations. */
  readonly calcs: readonly string[];
  readonly hidden: boolean;
}

interface Listeners {
  /** Pressed: alone, or with a key held that adds to what is shown. */
  readonly onPress: (index: number, adding: boolean) => void;
  /** The pointer or the focus is on it; undefined when it leaves. */
  readonly onPoint: (index: number | undefined) => void;
}

/** Names and colours of series under or beside the plot, each a switch. */
export function createLegend(element: HTMLElement, options: LegendOptions, listeners: Listeners) {
  const isTable = options.displayMode === 'table';
  return (items: readonly LegendItem[]): void => {
    element.hidden = !options.showLegend || options.displayMode === 'hidden' || items.length === 0;
    if (element.hidden) return;
    renderKeyed(element, JSON.stringify(items), () => [isTable ? table(items) : list(items)]);
  };

  function list(items: readonly LegendItem[]): HTMLElement {
    const rows = items.map((item, index) =>
      make(
        'li',
        '',
        button(item, index),
        ...item.calcs.map((text, calc) =>
          make('span', 'viz-legend-calc', `${calcName(options.calcs[calc] ?? '')}: ${text}`),
        ),
      ),
    );
    return make('ul', 'viz-legend-list', ...rows);
  }

  function table(items: readonly LegendItem[]): HTMLElement {
    const head = make(
      'tr',
      '',
      header('Name', 'col'),
      ...options.calcs.map((calc) => header(calcName(calc), 'col')),
    );
    const rows = items.map((item, index) => {
      const name = header('', 'row');
      name.append(button(item, index));
      return make('tr', '', name, ...item.calcs.map((text) => make('td', '', text)));
    });
    return make('table', 'viz-legend-table', make('thead', '', head), make('tbody', '', ...rows));
  }

  function button({ name, colour, hidden }: LegendItem, index: number): HTMLElement {
    const element_ = make('button', 'viz-legend-item', swatch(colour), make('span', 'name', name));
    element_.setAttribute('type', 'button');
    element_.setAttribute('aria-pressed', String(!hidden));
    element_.title = `${name}: press to show it alone, with Shift or Ctrl to show or hide it`;
    element_.addEventListener('click', (event) => {
      listeners.onPress(index, event.shiftKey || event.ctrlKey || event.metaKey);
      refocus(index);
    });
    element_.addEventListener('pointerenter', () => listeners.onPoint(index));
    element_.addEventListener('focus', () => listeners.onPoint(index));
    element_.addEventListener('pointerleave', () => listeners.onPoint(undefined));
    element_.addEventListener('blur', () => listeners.onPoint(undefined));
    return element_;
  }

  /** A press draws the legend anew. */
  function refocus(index: number): void {
    const buttons = [...element.querySelectorAll('button')];
    buttons[index]?.focus();
  }
}

function header(text: string, scope: 'col' | 'row'): HTMLElement {
  const element = make('th', '', text);
  element.setAttribute('scope', scope);
  return element;
}

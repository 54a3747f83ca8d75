import { make, setText } from '#local/page/browser/dom.ts';
import { interpolateText } from '#local/page/dashboards/interpolate.ts';
import type { VariableValues } from '#local/page/dashboards/interpolate.ts';
import type { Section } from '#local/page/dashboards/layout.ts';
import type { PanelBox } from './panel-box.ts';

interface SectionElement {
  readonly element: HTMLElement;
  readonly show: (values: VariableValues) => void;
}

/** A row's heading, which folds its panels away, over their grid. */
export function createSection({ row }: Section, boxes: readonly PanelBox[]): SectionElement {
  const grid = make('div', 'grid', ...boxes.map(({ element }) => element));
  if (!row) return { element: make('section', 'section', grid), show: () => {} };
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'row-button';
  const chevron = make('span', 'chevron');
  chevron.setAttribute('aria-hidden', 'true');
  const title = make('span', '', row.title);
  title.id = `row-${row.id}`;
  button.append(chevron, title);
  grid.id = `grid-${row.id}`;
  button.setAttribute('aria-controls', grid.id);
  const fold = (folded: boolean) => {
    grid.hidden = folded;
    button.setAttribute('aria-expanded', String(!folded));
  };
  fold(row.collapsed);
  button.addEventListener('click', () => fold(!grid.hidden));
  const element = make('section', 'section', make('h2', 'row-title', button), grid);
  element.setAttribute('aria-labelledby', title.id);
  return { element, show: (values) => setText(title, interpolateText(row.title, values)) };
}

import { make, renderKeyed, setText } from '#local/page/browser/dom.ts';
import type { DrawPanel } from './panel-types.ts';
import { cellOf, rowColour } from './table-cells.ts';
import { columnsOf, footerOf, nextSort, sortedRows, tableOptions } from './table-shape.ts';
import type { Column, Sort } from './table-shape.ts';

/** Rows and columns; a press on a column's name sorts by it. */
export const drawTable: DrawPanel = (element, panel, first, host) => {
  const options = tableOptions.parse(panel.options);
  const head = make('tr', '');
  const body = make('tbody', '');
  const foot = make('tr', '');
  const table = make(
    'table',
    `viz-table ${options.cellHeight}`,
    make('thead', '', head),
    body,
    make('tfoot', '', foot),
  );
  const scroll = make('div', 'viz-scroll', table);
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', panel.title);
  head.hidden = !options.showHeader;
  element.classList.add('viz');
  element.append(scroll);

  let data = first;
  const [asked] = options.sortBy;
  let sort: Sort | undefined = asked && { name: asked.displayName, desc: asked.desc };

  function show(): void {
    const { frame, columns } = columnsOf(options, data);
    showHead(columns);
    const rows = sortedRows(frame?.length ?? 0, columns, sort);
    // How long ago a time was hangs on the hour, too, for which the end of the range stands.
    const focused = placeOfFocus(body);
    renderKeyed(body, JSON.stringify([sort, frame, data.range.toMs]), () =>
      rows.map((row) => {
        const line = make(
          'tr',
          '',
          ...(frame ? columns.map((column) => cellOf(column, frame, row, host, data.timeZone)) : []),
        );
        const colour = rowColour(columns, row);
        if (colour !== undefined) {
          line.classList.add('filled');
          line.style.setProperty('--fill', colour);
        }
        return line;
      }),
    );
    focused?.();
    const footer = footerOf(options, frame, columns);
    foot.hidden = !footer;
    renderKeyed(foot, JSON.stringify(footer ?? []), () =>
      (footer ?? []).map((text, place) => make('td', `viz-cell ${columns[place]?.align ?? 'left'}`, text)),
    );
  }

  function showHead(columns: readonly Column[]): void {
    renderKeyed(head, JSON.stringify(columns.map(({ name, align, style }) => [name, align, style])), () =>
      columns.map((column) => header(column)),
    );
    for (const [place, cell] of [...head.children].entries()) {
      const own = sort?.name === columns[place]?.name ? sort : undefined;
      cell.setAttribute('aria-sort', own ? (own.desc ? 'descending' : 'ascending') : 'none');
      const mark = cell.querySelector('.viz-sort');
      if (mark) setText(mark, own ? (own.desc ? '▼' : '▲') : '');
    }
  }

  function header({ name, align, style }: Column): HTMLElement {
    const mark = make('span', 'viz-sort');
    mark.setAttribute('aria-hidden', 'true');
    const button = make('button', 'viz-sorter', make('span', '', name), mark);
    button.setAttribute('type', 'button');
    button.addEventListener('click', () => {
      sort = nextSort(sort, name);
      show();
    });
    const cell = make('th', `viz-cell ${align}`, button);
    cell.setAttribute('scope', 'col');
    if (style.width !== undefined) cell.style.width = `${style.width}px`;
    cell.style.minWidth = `${style.width ?? style.minWidth ?? LEAST_WIDTH}px`;
    return cell;
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

const LEAST_WIDTH = 64;

/** Where in the body the focus is, to put it back there once the rows are others. */
function placeOfFocus(body: HTMLElement): (() => void) | undefined {
  const links = [...body.querySelectorAll('a')];
  const place = links.findIndex((link) => link === document.activeElement);
  const href = links[place]?.href;
  if (href === undefined) return undefined;
  return () => {
    [...body.querySelectorAll('a')].find((link) => link.href === href)?.focus();
  };
}

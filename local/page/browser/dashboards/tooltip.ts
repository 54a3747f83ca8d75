import { make } from '#local/page/browser/dom.ts';

interface TooltipRow {
  /** CSS. @default no swatch */
  readonly colour?: string;
  readonly name: string;
  readonly value: string;
  /** It is the one under the pointer. */
  readonly strong?: boolean;
}

export interface TooltipText {
  readonly title: string;
  readonly rows: readonly TooltipRow[];
  readonly notes?: readonly string[];
}

export interface Tooltip {
  /** At this place of the window, or beside it where there is more room. */
  readonly show: (text: TooltipText, left: number, top: number) => void;
  readonly hide: () => void;
  readonly destroy: () => void;
}

/** What the pointer is at. It floats over all panels and takes no part in what is read out: see `spoken`. */
export function createTooltip(): Tooltip {
  const box = make('div', 'viz-tooltip');
  box.hidden = true;
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);
  return {
    show(text, left, top) {
      box.replaceChildren(...contents(text));
      box.hidden = false;
      const { width, height } = box.getBoundingClientRect();
      const toRight = left + GAP + width <= document.documentElement.clientWidth;
      const x = toRight ? left + GAP : left - GAP - width;
      const y = Math.min(top + GAP, document.documentElement.clientHeight - height - GAP);
      box.style.left = `${Math.max(0, x)}px`;
      box.style.top = `${Math.max(0, y)}px`;
    },
    hide() {
      box.hidden = true;
    },
    destroy: () => box.remove(),
  };
}

/** Between the pointer and the box, in pixels. */
const GAP = 12;
/** More would not fit a small window. */
const MAX_ROWS = 20;

function contents({ title, rows, notes = [] }: TooltipText): Node[] {
  const more = rows.length - MAX_ROWS;
  return [
    make('div', 'viz-tooltip-title', title),
    ...rows
      .slice(0, MAX_ROWS)
      .map(({ colour, name, value, strong }) =>
        make(
          'div',
          strong ? 'viz-tooltip-row strong' : 'viz-tooltip-row',
          colour === undefined ? '' : swatch(colour),
          make('span', 'name', name),
          make('span', 'value', value),
        ),
      ),
    ...(more > 0 ? [make('div', 'viz-tooltip-note', `and ${more} more`)] : []),
    ...notes.map((note) => make('div', 'viz-tooltip-note', note)),
  ];
}

export function swatch(colour: string): HTMLElement {
  const element = make('i', 'viz-swatch');
  element.style.background = colour;
  element.setAttribute('aria-hidden', 'true');
  return element;
}

/** The same in words, for those who move by keyboard. */
export function spoken({ title, rows, notes = [] }: TooltipText): string {
  return [title, ...rows.map(({ name, value }) => `${name} ${value}`), ...notes].join('; ');
}

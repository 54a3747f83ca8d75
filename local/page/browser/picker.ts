import { formatCount, isDerived } from '#local/page/format.ts';
import { byId, make, renderKeyed, setText } from './dom.ts';

interface Pair {
  readonly symbol: string;
  /** False when the store holds nothing of its last hour. */
  readonly active: boolean;
}

export interface Picker {
  readonly setPairs: (pairs: readonly Pair[]) => void;
  readonly setChosen: (symbol: string | undefined) => void;
}

/** The pair's button and its searchable list, after the ARIA combobox pattern with a listbox. */
export function createPicker(onChoose: (symbol: string) => void): Picker {
  const button = byId('pair', HTMLButtonElement);
  const name = byId('pair-name', HTMLSpanElement);
  const derived = byId('derived', HTMLSpanElement);
  const chooser = byId('chooser', HTMLDivElement);
  const search = byId('search', HTMLInputElement);
  const matches = byId('matches', HTMLParagraphElement);
  const list = byId('pairs', HTMLUListElement);
  let pairs: readonly Pair[] = [];
  let chosen: string | undefined;
  let found: readonly Pair[] = [];
  let active = 0;

  function render(): void {
    const wanted = search.value.trim().toUpperCase();
    found = pairs.filter(({ symbol }) => symbol.toUpperCase().includes(wanted));
    setText(
      matches,
      found.length === 0
        ? 'No pair has this in its name'
        : `${formatCount(found.length)} of ${formatCount(pairs.length)} pairs`,
    );
    const key = `${chosen} ${found.map((pair) => `${pair.symbol}${pair.active ? '' : '!'}`).join(' ')}`;
    renderKeyed(list, key, () => found.map((pair, index) => option(pair, index, pair.symbol === chosen)));
    mark(Math.min(active, Math.max(0, found.length - 1)));
  }

  function mark(index: number): void {
    list.children[active]?.classList.remove('active');
    active = index;
    const item = list.children[index];
    if (!item) {
      search.removeAttribute('aria-activedescendant');
      return;
    }
    item.classList.add('active');
    item.scrollIntoView({ block: 'nearest' });
    search.setAttribute('aria-activedescendant', item.id);
  }

  function open(): void {
    chooser.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    search.value = '';
    active = Math.max(
      0,
      pairs.findIndex(({ symbol }) => symbol === chosen),
    );
    render();
    search.focus();
  }

  function close(focusButton: boolean): void {
    if (chooser.hidden) return;
    chooser.hidden = true;
    button.setAttribute('aria-expanded', 'false');
    if (focusButton) button.focus();
  }

  function choose(index: number): void {
    const pair = found[index];
    if (!pair) return;
    close(true);
    onChoose(pair.symbol);
  }

  const steps: Readonly<Record<string, (last: number) => number>> = {
    ArrowDown: (last) => (active >= last ? 0 : active + 1),
    ArrowUp: (last) => (active <= 0 ? last : active - 1),
    PageDown: (last) => Math.min(last, active + 8),
    PageUp: () => Math.max(0, active - 8),
  };

  button.addEventListener('click', () => (chooser.hidden ? open() : close(true)));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    open();
  });
  search.addEventListener('input', () => {
    active = 0;
    render();
  });
  search.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step) mark(step(Math.max(0, found.length - 1)));
    else if (event.key === 'Enter') choose(active);
    else if (event.key === 'Escape') close(true);
    else return;
    event.preventDefault();
  });
  // Keeps the focus in the search box, so that the keys go on working after a click that misses.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest('li') : null;
    if (item) choose([...list.children].indexOf(item));
  });
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !chooser.contains(event.target) && !button.contains(event.target))
      close(false);
  });
  chooser.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !chooser.contains(event.relatedTarget)) close(false);
  });

  return {
    setPairs(next) {
      pairs = next;
      if (!chooser.hidden) render();
    },
    setChosen(symbol) {
      chosen = symbol;
      setText(name, symbol ?? '–');
      derived.hidden = symbol === undefined || !isDerived(symbol);
    },
  };
}

function option({ symbol, active }: Pair, index: number, chosen: boolean): HTMLElement {
  const item = make('li', '', make('span', '', symbol));
  item.id = `pair-${index}`;
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', String(chosen));
  const note = active ? (isDerived(symbol) ? 'derived' : '') : 'no candle for 1 h';
  if (note) item.append(make('small', '', note));
  return item;
}

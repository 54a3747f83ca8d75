import { formatCount } from '#local/page/format.ts';
import { ALL } from '#local/page/dashboards/interpolate.ts';
import { make, renderKeyed, setText } from '#local/page/browser/dom.ts';
import { attachPopover } from './popover.ts';

interface OptionPicker {
  readonly element: HTMLElement;
  readonly show: (options: readonly string[], chosen: readonly string[]) => void;
}

export interface PickerText {
  /** Of the variable; unique in the page. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly multi: boolean;
  /** Names of options that differ from their values. */
  readonly textOf: (value: string) => string;
}

/** A variable's button and its searchable list, after the ARIA combobox pattern with a listbox. */
export function createOptionPicker(
  { name, label, description, multi, textOf }: PickerText,
  onChoose: (values: readonly string[]) => void,
): OptionPicker {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button choice-button';
  const shown = make('span', 'choice-value', '–');
  const chevron = make('span', 'chevron');
  chevron.setAttribute('aria-hidden', 'true');
  button.append(make('span', 'choice-name', label), shown, chevron);
  if (description) button.title = description;

  const list = make('ul', 'pairs');
  list.id = `options-${name}`;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', label);
  if (multi) list.setAttribute('aria-multiselectable', 'true');
  const search = searchBox(label, list.id);
  const matches = make('p', 'matches');
  matches.setAttribute('role', 'status');
  const panel = make('div', 'chooser-popover', search, matches, list);
  attachPopover(button, panel, { onOpen: open });

  let options: readonly string[] = [];
  let chosen: readonly string[] = [];
  let found: readonly string[] = [];
  let active = 0;

  function render(): void {
    const wanted = search.value.trim().toUpperCase();
    found = options.filter((value) => textOf(value).toUpperCase().includes(wanted));
    setText(
      matches,
      found.length === 0
        ? 'None has this in its name'
        : `${formatCount(found.length)} of ${formatCount(options.length)}`,
    );
    renderKeyed(list, JSON.stringify([found, chosen]), () =>
      found.map((value, index) => {
        const item = make('li', '', make('span', '', textOf(value)));
        item.id = `option-${name}-${index}`;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', String(chosen.includes(value)));
        return item;
      }),
    );
    mark(Math.min(active, Math.max(0, found.length - 1)));
  }

  function mark(index: number): void {
    for (const item of list.querySelectorAll('.active')) item.classList.remove('active');
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
    search.value = '';
    active = Math.max(0, options.indexOf(chosen[0] ?? ''));
    render();
    search.focus();
  }

  function choose(index: number): void {
    const value = found[index];
    if (value === undefined) return;
    if (!multi) {
      panel.hidePopover();
      onChoose([value]);
      return;
    }
    active = index;
    onChoose(toggled(chosen, value));
  }

  const steps: Readonly<Record<string, (last: number) => number>> = {
    ArrowDown: (last) => (active >= last ? 0 : active + 1),
    ArrowUp: (last) => (active <= 0 ? last : active - 1),
    PageDown: (last) => Math.min(last, active + 8),
    PageUp: () => Math.max(0, active - 8),
  };
  search.addEventListener('input', () => {
    active = 0;
    render();
  });
  search.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step) mark(step(Math.max(0, found.length - 1)));
    else if (event.key === 'Enter') choose(active);
    else return;
    event.preventDefault();
  });
  // Keeps the focus in the search box, so that the keys go on working after a click.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest('li') : null;
    if (item) choose([...list.children].indexOf(item));
  });

  return {
    element: make('div', 'choice', button, panel),
    show(nextOptions, nextChosen) {
      options = nextOptions;
      chosen = nextChosen;
      setText(shown, summaryOf(chosen.map(textOf)));
      if (panel.matches(':popover-open')) render();
    },
  };
}

function searchBox(label: string, listId: string): HTMLInputElement {
  const search = document.createElement('input');
  search.className = 'search';
  search.type = 'text';
  search.placeholder = 'Search';
  search.autocomplete = 'off';
  search.spellcheck = false;
  for (const [attribute, value] of Object.entries({
    role: 'combobox',
    'aria-label': `Search ${label}`,
    'aria-autocomplete': 'list',
    'aria-expanded': 'true',
    'aria-controls': listId,
  })) {
    search.setAttribute(attribute, value);
  }
  return search;
}

/** All and single values shut each other out; none at all is not a choice. */
function toggled(chosen: readonly string[], value: string): readonly string[] {
  if (value === ALL) return [ALL];
  const others = chosen.filter((one) => one !== ALL && one !== value);
  const next = chosen.includes(value) ? others : [...others, value];
  return next.length > 0 ? next : chosen;
}

function summaryOf(names: readonly string[]): string {
  if (names.length <= 2) return names.join(' + ') || '–';
  return `${names.slice(0, 2).join(' + ')} + ${names.length - 2} more`;
}

import { make, setText } from '#local/page/browser/dom.ts';
import { describeRange, QUICK_RANGES, resolveRange } from '#local/page/dashboards/time-range.ts';
import type { RawRange } from '#local/page/dashboards/time-range.ts';
import { attachPopover } from './popover.ts';

interface TimePicker {
  readonly show: (range: RawRange) => void;
}

/** The time range's button; its list of quick ranges and a form for any other. */
export function createTimePicker(
  container: HTMLElement,
  { format, utc }: { readonly format: (timeMs: number) => string; readonly utc: boolean },
  onChoose: (range: RawRange) => void,
): TimePicker {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button choice-button';
  const shown = make('span', 'choice-value');
  const chevron = make('span', 'chevron');
  chevron.setAttribute('aria-hidden', 'true');
  button.append(make('span', 'visually-hidden', 'Time range:'), shown, chevron);

  const from = textInput('from', 'From');
  const to = textInput('to', 'To');
  const problem = make('p', 'form-problem');
  problem.setAttribute('role', 'alert');
  const submit = document.createElement('button');
  submit.className = 'button primary';
  submit.textContent = 'Show this range';
  const form = document.createElement('form');
  form.append(
    from.element,
    to.element,
    make('p', 'hint', 'Like 2026-01-31 08:00, now-90m or now/d.'),
    problem,
    submit,
  );
  const quick = make('ul', 'quick-ranges');
  quick.setAttribute('aria-label', 'Quick ranges');
  const panel = make('div', 'time-popover', quick, form);
  attachPopover(button, panel, { onOpen: () => quick.querySelector('button')?.focus() });

  const choose = (range: RawRange) => {
    panel.hidePopover();
    onChoose(range);
  };
  const quickButtons = QUICK_RANGES.map((range) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.textContent = describeRange(range, format);
    item.addEventListener('click', () => choose(range));
    return { range, item };
  });
  quick.append(...quickButtons.map(({ item }) => make('li', '', item)));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const range = { from: from.read(), to: to.read() };
    const isRange = resolveRange(range, Date.now()) !== undefined;
    setText(problem, isRange ? '' : 'Expected two times, the second after the first.');
    if (isRange) choose(range);
  });
  container.append(button, panel);

  return {
    show(range) {
      setText(shown, describeRange(range, format));
      from.write(range.from);
      to.write(range.to);
      for (const { range: offered, item } of quickButtons) {
        const isShown = offered.from === range.from && offered.to === range.to;
        item.setAttribute('aria-pressed', String(isShown));
      }
    },
  };

  function textInput(name: string, label: string) {
    const input = document.createElement('input');
    input.type = 'text';
    input.name = name;
    input.className = 'search';
    input.autocomplete = 'off';
    input.spellcheck = false;
    return {
      element: make('label', 'field', make('span', '', label), input),
      /** Times are of the dashboard's time zone, and go into the address as ms since 1970. */
      read: () => {
        const text = input.value.trim();
        const ms = /^\d{4}-/.test(text) ? Date.parse(`${text.replace(' ', 'T')}${utc ? 'Z' : ''}`) : NaN;
        return Number.isNaN(ms) ? text : String(ms);
      },
      write: (text: string) => {
        input.value = /^\d+$/.test(text) ? format(Number(text)) : text;
      },
    };
  }
}

import { byId } from './dom.ts';

type Choice = 'system' | 'light' | 'dark';

const CHOICES = ['system', 'light', 'dark'] as const;
const NAMES = { system: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' } as const;
const KEY = 'theme';

/** Wires the theme button; `onChange` runs whenever the colours become others, by the system too. */
export function startTheme(onChange: () => void): void {
  const button = byId('theme', HTMLButtonElement);
  let choice = stored();
  const apply = () => {
    if (choice === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    button.textContent = NAMES[choice];
    onChange();
  };
  button.addEventListener('click', () => {
    choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system';
    localStorage.setItem(KEY, choice);
    apply();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
  apply();
}

/** A colour of theme.css as the canvas needs it, resolved for the theme that is shown now. */
export function colour(name: string): string {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const probe = document.createElement('i');
probe.hidden = true;
document.body.append(probe);

function stored(): Choice {
  const value = localStorage.getItem(KEY);
  return CHOICES.find((choice) => choice === value) ?? 'system';
}

import { make } from '#local/page/browser/dom.ts';
import { faded } from './colours.ts';
import type { Shown } from './display.ts';
import { gaugeCells, gaugeFill } from './gauge-shape.ts';
import type { Field } from './panel-types.ts';
import { thresholdColour } from './scale.ts';

/** A bar as long as its value is far from the least; what it says is said beside it in figures. */
export function barOf(
  {
    displayMode,
    showUnfilled,
  }: { readonly displayMode: 'basic' | 'gradient' | 'lcd'; readonly showUnfilled: boolean },
  {
    shown,
    field,
    value,
  }: { readonly shown: Shown; readonly field: Field; readonly value: number | string | null },
): HTMLElement {
  const { min, max } = shown.bounds;
  const byScheme = field.config.color !== undefined && field.config.color.mode !== 'thresholds';
  const colour = shown.colour ?? 'var(--muted)';
  const colourAt = (share: number) =>
    byScheme ? colour : thresholdColour(field.config, shown.bounds, min + share * (max - min));
  const bar = make('span', showUnfilled ? 'viz-bar unfilled' : 'viz-bar');
  bar.setAttribute('aria-hidden', 'true');
  if (typeof value !== 'number') return bar;
  if (displayMode === 'lcd') {
    bar.classList.add('lcd');
    bar.append(
      ...gaugeCells(shown.share, LCD_CELLS).map((lit, cell) => {
        const own = colourAt((cell + 0.5) / LCD_CELLS);
        const element = make('i', lit ? 'lit' : '');
        element.style.background = lit ? own : faded(own, 0.2);
        return element;
      }),
    );
    return bar;
  }
  const filled = make('i', 'lit');
  filled.style.width = `${(shown.share * 100).toFixed(2)}%`;
  filled.style.background = gaugeFill(displayMode, colour, shown.share, colourAt);
  filled.style.borderColor = colour;
  bar.append(filled);
  return bar;
}

const LCD_CELLS = 30;

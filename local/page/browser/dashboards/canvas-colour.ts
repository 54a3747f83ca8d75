/** A CSS colour with its custom properties resolved for the theme that is shown now, as a canvas needs it. */
export function canvasColour(css: string): string {
  const known = resolved.get(css);
  if (known !== undefined) return known;
  probe.style.color = '';
  probe.style.color = css;
  const colour = getComputedStyle(probe).color;
  resolved.set(css, colour);
  return colour;
}

/** To be called when the theme changes: what was resolved for the other theme no longer holds. */
export function forgetColours(): void {
  resolved.clear();
}

const resolved = new Map<string, string>();
const probe = document.createElement('i');
probe.hidden = true;
document.body.append(probe);

/**
 * Opens `content` beside its button: by click or key, and away by Escape or a click elsewhere, by the browser's own
 * popover. With `hover` it also comes while a mouse is over the button.
 */
export function attachPopover(
  button: HTMLButtonElement,
  content: HTMLElement,
  options: { readonly hover?: boolean; readonly onOpen?: () => void } = {},
): void {
  content.popover = 'auto';
  content.classList.add('popover');
  button.popoverTargetElement = content;
  button.setAttribute('aria-expanded', 'false');
  content.addEventListener('beforetoggle', (event) => {
    const opens = event instanceof ToggleEvent && event.newState === 'open';
    button.setAttribute('aria-expanded', String(opens));
    // Before it is shown it has no size yet, so that it is placed once it has.
    if (opens) requestAnimationFrame(() => place(button, content));
  });
  content.addEventListener('toggle', (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'open') return;
    place(button, content);
    options.onOpen?.();
  });
  if (options.hover) {
    button.addEventListener('pointerenter', (event) => {
      // What was opened on purpose stays.
      if (event.pointerType === 'mouse' && !document.querySelector(':popover-open')) content.showPopover();
    });
    button.addEventListener('click', (event) => {
      if (!(event instanceof PointerEvent) || event.pointerType !== 'mouse') return;
      // The mouse that is over the button has opened it: the click would close it.
      event.preventDefault();
      if (!content.matches(':popover-open')) content.showPopover();
    });
    button.addEventListener('pointerleave', (event) => {
      if (event.pointerType === 'mouse' && document.activeElement !== button) content.hidePopover();
    });
  }
}

const GAP = 6;

/** Under the button, or over it where there is more room; within the window. */
function place(button: HTMLElement, content: HTMLElement): void {
  // Measured where it has all the width that it may take.
  content.style.left = '0';
  const anchor = button.getBoundingClientRect();
  const { width, height } = content.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const isRight = anchor.left + anchor.right > clientWidth;
  const left = isRight ? anchor.right - width : Math.min(anchor.left, clientWidth - width - GAP);
  const below = anchor.bottom + GAP;
  const fitsBelow = below + height <= clientHeight - GAP || anchor.top < clientHeight / 2;
  content.style.left = `${Math.max(GAP, left)}px`;
  content.style.top = `${Math.max(GAP, fitsBelow ? below : anchor.top - GAP - height)}px`;
}

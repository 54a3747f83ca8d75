/** The element that index.html has under this id. Throws when it has none of that kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`index.html: expected a ${kind.name} with id "${id}", got ${found?.tagName ?? 'nothing'}`);
}

/** Writes only what differs: what is the same must not be read out or painted again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function setData(element: HTMLElement, name: string, value: string): void {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/** An element with its class and its text or children. */
export function make(tag: string, className: string, ...content: (string | Node)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** Replaces an element's children only when the key of what they show is another than last time. */
export function renderKeyed(element: HTMLElement, key: string, children: () => readonly Node[]): void {
  if (shownKeys.get(element) === key) return;
  shownKeys.set(element, key);
  element.replaceChildren(...children());
}

const shownKeys = new WeakMap<HTMLElement, string>();

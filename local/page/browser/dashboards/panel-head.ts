import { make, renderKeyed, setText } from '#local/page/browser/dom.ts';
import type { Link } from '#local/page/dashboards/dashboard-schema.ts';
import type { PanelModel } from './panel-types.ts';
import { attachPopover } from './popover.ts';

interface PanelHead {
  readonly element: HTMLElement;
  readonly titleId: string;
  readonly show: (title: string, resolve: (link: Link) => { title: string; url: string }) => void;
}

/** A panel's title with what it means and where it leads. */
export function createPanelHead(panel: PanelModel): PanelHead {
  const title = make('h3', 'panel-title');
  title.id = `panel-${panel.id}`;
  const element = make('header', 'panel-head', title);
  let about: HTMLButtonElement | undefined;
  let more: HTMLButtonElement | undefined;
  const links = make('ul', 'menu');
  if (panel.description) {
    about = iconButton('i');
    const text = make('div', 'description', ...paragraphs(panel.description));
    attachPopover(about, text, { hover: true });
    element.append(about, text);
  }
  if (panel.links.length > 0) {
    more = iconButton('↗');
    attachPopover(more, links);
    element.append(more, links);
  }
  return {
    element,
    titleId: title.id,
    show(text, resolve) {
      setText(title, text);
      title.title = text;
      about?.setAttribute('aria-label', `About ${text}`);
      more?.setAttribute('aria-label', `Links of ${text}`);
      const resolved = panel.links.map((link) => ({ ...link, ...resolve(link) }));
      renderKeyed(links, JSON.stringify(resolved), () =>
        resolved.map((link) => make('li', '', anchorTo(link))),
      );
    },
  };
}

/** A link that has its address; one that has none is only its text. */
export function anchorTo({
  url,
  title,
  targetBlank,
}: Pick<Link, 'url' | 'title' | 'targetBlank'>): HTMLElement {
  if (url === '') return make('span', 'muted', title);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.textContent = title;
  if (targetBlank) {
    anchor.target = '_blank';
    anchor.rel = 'noreferrer';
  }
  return anchor;
}

function iconButton(text: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button';
  button.textContent = text;
  return button;
}

function paragraphs(text: string): readonly HTMLElement[] {
  return text.split(/\n{2,}/).map((paragraph) => make('p', '', paragraph));
}

import { make } from '#local/page/browser/dom.ts';
import type { Field, Frame, PanelHost } from './panel-types.ts';

/** What is shown of a value, as a link where its field has one. */
export function valueLink(
  content: HTMLElement,
  field: Field,
  host: PanelHost,
  { frame, row }: { readonly frame: Frame; readonly row: number },
): HTMLElement {
  const [link] = field.config.links;
  if (!link) return content;
  const anchor = make('a', 'viz-link', content);
  anchor.setAttribute('href', host.resolveUrl(link.url, { frame, field, row }));
  if (link.title) anchor.title = link.title;
  if (link.targetBlank) {
    anchor.setAttribute('target', '_blank');
    anchor.setAttribute('rel', 'noopener');
  }
  return anchor;
}

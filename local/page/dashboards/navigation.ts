import type { Dashboard } from './dashboard-schema.ts';

/** Fills in a page's navigation: the page itself, then every dashboard; `current` is the one that is shown. */
export function withNavigation(
  html: string,
  dashboards: ReadonlyMap<string, Dashboard>,
  current: string,
): string {
  const pages = [
    { path: '/', title: 'Overview' },
    ...[...dashboards.values()].map(({ uid, title }) => ({ path: `/d/${uid}`, title })),
  ];
  const items = pages.map(({ path, title }) => {
    const mark = path === current ? ' aria-current="page"' : '';
    return `<li><a href="${escapeHtml(path)}"${mark}>${escapeHtml(title)}</a></li>`;
  });
  const title = pages.find(({ path }) => path === current)?.title ?? '';
  return html
    .replace('<!-- pages -->', () => `<ul>${items.join('')}</ul>`)
    .replace('<!-- title -->', () => escapeHtml(title));
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

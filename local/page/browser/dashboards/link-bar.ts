import { make, renderKeyed } from '#local/page/browser/dom.ts';
import type { DashboardListAnswer } from '#local/page/dashboards/dashboard-answers.ts';
import type { Dashboard, Link } from '#local/page/dashboards/dashboard-schema.ts';
import { interpolateText } from '#local/page/dashboards/interpolate.ts';
import { linkTarget } from '#local/page/dashboards/link-url.ts';
import type { LinkContext } from '#local/page/dashboards/link-url.ts';
import { anchorTo } from './panel-head.ts';

/** A dashboard's links: addresses, and other dashboards by their tags. */
export function createLinkBar(container: HTMLElement, dashboard: Dashboard) {
  let others: DashboardListAnswer['dashboards'] = [];
  let context: LinkContext | undefined;
  const show = () => {
    if (!context) return;
    const links = resolved(dashboard, others, context);
    container.hidden = links.length === 0;
    renderKeyed(container, JSON.stringify(links), () => [
      make('ul', '', ...links.map((link) => make('li', '', anchorTo(link)))),
    ]);
  };
  if (dashboard.links.some(({ type }) => type === 'dashboards')) {
    void askList().then((list) => {
      others = list.filter(({ uid }) => uid !== dashboard.uid);
      show();
    });
  }
  return {
    show(next: LinkContext): void {
      context = next;
      show();
    },
  };
}

type Anchor = Pick<Link, 'title' | 'url' | 'targetBlank'>;

function resolved(
  dashboard: Dashboard,
  others: DashboardListAnswer['dashboards'],
  context: LinkContext,
): readonly Anchor[] {
  return dashboard.links.flatMap((link): readonly Anchor[] => {
    const { targetBlank } = link;
    if (link.type !== 'dashboards') {
      const title = interpolateText(link.title || link.url, context.values);
      return [{ title, targetBlank, url: linkTarget(link, context) }];
    }
    return others
      .filter(({ tags }) => link.tags.every((tag) => tags.includes(tag)))
      .map(({ uid, title }) => ({
        title,
        targetBlank,
        url: linkTarget({ ...link, url: `/d/${uid}` }, context),
      }));
  });
}

async function askList(): Promise<DashboardListAnswer['dashboards']> {
  const response = await fetch('/api/dashboards').catch(() => undefined);
  if (!response?.ok) return [];
  const answer = (await response.json()) as DashboardListAnswer; // what dashboard-answers.ts promises
  return answer.dashboards;
}

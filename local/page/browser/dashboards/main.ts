import { byId, setText } from '#local/page/browser/dom.ts';
import { startTheme } from '#local/page/browser/theme.ts';
import { askDashboard } from './ask-dashboards.ts';
import { startDashboard } from './dashboard-view.ts';

const recolourers: (() => void)[] = [];
startTheme(() => recolourers.forEach((recolour) => recolour()));

const uid = location.pathname.split('/')[2] ?? '';
const dashboard = await askDashboard(uid);
if (dashboard) recolourers.push(startDashboard(dashboard).recolour);
else {
  const trouble = byId('trouble', HTMLParagraphElement);
  trouble.hidden = false;
  setText(trouble, `The dashboard ${uid} could not be read: the server of this page does not answer.`);
}

import { byId, setText } from '#local/page/browser/dom.ts';
import type { Dashboard } from '#local/page/dashboards/dashboard-schema.ts';
import { sectionsOf } from '#local/page/dashboards/layout.ts';
import { resolveRange } from '#local/page/dashboards/time-range.ts';
import { readState, writeState } from '#local/page/dashboards/url-state.ts';
import type { UrlState } from '#local/page/dashboards/url-state.ts';
import { createAnnotations } from './annotation-bar.ts';
import { createLimiter, isUtc } from './ask-dashboards.ts';
import { createLinkBar } from './link-bar.ts';
import { timeZoneOf } from './load-panel.ts';
import { createPanelBox } from './panel-box.ts';
import type { PanelBox, Shown } from './panel-box.ts';
import { createRefreshControl } from './refresh-control.ts';
import { createSection } from './sections.ts';
import { createTimePicker } from './time-picker.ts';
import { createVariableBar } from './variable-bar.ts';

/** Below the six connections that browsers open to one server, so that pickers and annotations get through. */
const MOST_PANELS_AT_ONCE = 4;

/** A dashboard on the page; everything that is chosen in it is in the address. */
export function startDashboard(dashboard: Dashboard): { readonly recolour: () => void } {
  const format = timeFormat(timeZoneOf(dashboard));
  let state = readState(location.search, dashboard, Date.now());
  let settled: Awaited<ReturnType<typeof variables.settle>> = { values: {}, problem: undefined };
  /** What the options were asked about; asked anew when it is another, or when they were not there. */
  let settledFor = '';
  let turn = 0;

  const limiter = createLimiter(MOST_PANELS_AT_ONCE);
  const boxes: PanelBox[] = [];
  const sections = sectionsOf(dashboard.panels).map((section) => {
    const own = section.panels.map((placed) => {
      const box: PanelBox = createPanelBox(placed, {
        limiter,
        pointAt: (timeMs) => {
          if (dashboard.graphTooltip === 0) return;
          for (const other of boxes) if (other !== box) other.showPointer(timeMs);
        },
        zoomTo: (fromMs, toMs) =>
          change({ range: { from: String(Math.round(fromMs)), to: String(Math.round(toMs)) } }),
      });
      return box;
    });
    boxes.push(...own);
    return createSection(section, own);
  });

  const links = createLinkBar(byId('links', HTMLElement), dashboard);
  const annotations = createAnnotations(dashboard, (found) => {
    for (const box of boxes) box.annotate(found);
  });
  const variables = createVariableBar(byId('variables', HTMLDivElement), dashboard, (name, values) =>
    change({ values: { ...settled.values, [name]: values } }),
  );
  byId('variables', HTMLDivElement).append(...annotations.switches);
  byId('variables', HTMLDivElement).hidden = byId('variables', HTMLDivElement).childElementCount === 0;
  const time = createTimePicker(byId('time', HTMLDivElement), { format, utc: isUtc(dashboard) }, (range) =>
    change({ range }),
  );
  const refresh = createRefreshControl(
    byId('refresh', HTMLDivElement),
    () => void show(),
    (interval) => change({ refresh: interval }),
  );

  setText(byId('title', HTMLHeadingElement), dashboard.title);
  setText(byId('description', HTMLParagraphElement), dashboard.description);
  byId('panels', HTMLDivElement).replaceChildren(...sections.map(({ element }) => element));
  addEventListener('popstate', () => {
    state = readState(location.search, dashboard, Date.now());
    refresh.show(state.refresh);
    void show();
  });
  refresh.show(state.refresh);
  void show('replace');

  /** Makes a step that the back button undoes. */
  function change(part: Partial<UrlState>): void {
    state = { ...state, values: settled.values, ...part };
    history.pushState(null, '', writeState(state, dashboard));
    refresh.show(state.refresh);
    void show();
  }

  async function show(address?: 'replace'): Promise<void> {
    const mine = ++turn;
    const range = resolveRange(state.range, Date.now());
    if (!range) return;
    time.show(state.range);
    variables.show(state.values);
    const about = JSON.stringify([state.range, state.values]);
    if (about !== settledFor || settled.problem !== undefined) {
      const next = await variables.settle(state.values, range);
      // Meanwhile something else was chosen: that turn shows it.
      if (mine !== turn) return;
      settled = next;
      settledFor = about;
    }
    if (address === 'replace') {
      history.replaceState(null, '', writeState({ ...state, values: settled.values }, dashboard));
    }
    tellTrouble(settled.problem);
    const shown: Shown = {
      dashboard,
      values: settled.values,
      range,
      raw: state.range,
      key: JSON.stringify([state.range, settled.values]),
    };
    for (const section of sections) section.show(shown.values);
    links.show({ dashboard, values: shown.values, range: state.range });
    for (const box of boxes) box.refresh(shown);
    setText(byId('clock', HTMLParagraphElement), `Asked at ${format(Date.now())}, ${timeZoneOf(dashboard)}.`);
    await annotations.refresh(shown);
  }

  return {
    recolour() {
      for (const box of boxes) box.recolour();
    },
  };
}

function tellTrouble(problem: string | undefined): void {
  const trouble = byId('trouble', HTMLParagraphElement);
  trouble.hidden = problem === undefined;
  setText(trouble, problem ?? '');
}

/** `2026-01-31 08:00:00`, as the time picker reads it too. */
function timeFormat(timeZone: string): (timeMs: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone });
  return (timeMs) => format.format(timeMs);
}

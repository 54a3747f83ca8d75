import { expect, test } from 'vitest';
import { transform } from '#local/page/dashboards/frames/transform.ts';
import { configure } from '#local/page/dashboards/frames/configure.ts';
import { toFrames } from '#local/page/dashboards/frames/to-frames.ts';
import { sectionsOf } from '#local/page/dashboards/layout.ts';
import { loadDashboards, panelsOf } from '#local/page/dashboards/load-dashboards.ts';
import { kindsOf } from '#local/page/dashboards/target-kinds.ts';
import {
  buildAnnotationRequest,
  buildPanelRequest,
  buildVariableRequest,
  parseAsked,
} from '#local/page/dashboards/request.ts';
import { listedValues } from '#local/page/dashboards/interpolate.ts';

const dashboards = loadDashboards();

test('a dashboard of another shape is named with what is wrong in it', () => {
  expect(() => loadDashboards([{ uid: 'odd' }])).toThrow(
    /dashboard odd: expected what the page can draw[^]*title/,
  );
});

test.each([...dashboards])('every question of %s can be asked', (uid, dashboard) => {
  const values = dashboard.templating.list.map((variable): [string, string] => [
    `var-${variable.name}`,
    listedValues(variable)?.[0] ?? 'BTCUSDT',
  ]);
  const ask = (about: Readonly<Record<string, string>>) => {
    const parameters = new URLSearchParams([
      ...values,
      ...Object.entries({ dashboard: uid, from: '1', to: '3600001', points: '500', ...about }),
    ]);
    const asked = parseAsked(parameters, dashboards);
    if (asked.kind === 'refused') throw new Error(asked.reason);
    return asked;
  };
  const requests = [
    ...panelsOf(dashboard).flatMap(({ id, targets }) =>
      targets.flatMap((target) =>
        kindsOf(target).map((kind) => buildPanelRequest(ask({ panel: String(id), ref: target.refId, kind }))),
      ),
    ),
    ...dashboard.annotations.list.map(({ name }) => buildAnnotationRequest(ask({ annotation: name }))),
    ...dashboard.templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name }) => buildVariableRequest(ask({ name }))),
  ];
  expect(requests.length).toBeGreaterThan(5);
  expect(requests.filter(({ kind }) => kind === 'refused')).toEqual([]);
  const left = requests.filter((request) => 'promql' in request && /\$\{?\w*[a-z]/i.test(request.promql));
  expect(left).toEqual([]);
});

test.each([...dashboards])('the page knows every transformation and override of %s', (_, dashboard) => {
  const panels = panelsOf(dashboard);
  expect(panels.length).toBeGreaterThan(3);
  for (const panel of panels) {
    const results = panel.targets.map((target) => ({
      target,
      stepMs: 15_000,
      series: [{ labels: { symbol: 'A', le: '1' }, samples: [[0, '1'] as const] }],
    }));
    const draw = () => configure(transform(toFrames(results, {}), panel.transformations), panel.fieldConfig);
    expect(draw, `${panel.title} (${panel.id})`).not.toThrow();
    expect(draw().length, panel.title).toBeGreaterThan(0);
  }
});

test.each([...dashboards])('each panel of %s has its place under its row', (_, dashboard) => {
  const sections = sectionsOf(dashboard.panels);
  const placed = sections.flatMap(({ panels }) => panels);
  expect(new Set(placed.map(({ panel }) => panel.id))).toEqual(
    new Set(panelsOf(dashboard).map(({ id }) => id)),
  );
  for (const { panel, column, row } of placed) {
    expect(column + panel.gridPos.w).toBeLessThanOrEqual(25);
    expect(row).toBeGreaterThanOrEqual(1);
  }
});

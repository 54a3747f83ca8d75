import type { PanelAnswer } from '#local/page/dashboards/dashboard-answers.ts';
import type { Annotation, PanelData } from '#local/page/dashboards/frame.ts';
import { configure } from '#local/page/dashboards/frames/configure.ts';
import { toFrames } from '#local/page/dashboards/frames/to-frames.ts';
import type { TargetResult } from '#local/page/dashboards/frames/to-frames.ts';
import { transform } from '#local/page/dashboards/frames/transform.ts';
import { kindsOf } from '#local/page/dashboards/target-kinds.ts';
import { askTarget, isUtc } from './ask-dashboards.ts';
import type { Situation } from './ask-dashboards.ts';
import type { PanelModel } from './panel-types.ts';

/** What people are told in place of a panel. */
export class PanelProblem extends Error {}

/** Asks all of a panel's queries and makes its frames. Throws a PanelProblem when one is not answered. */
export async function loadPanel(
  panel: PanelModel,
  situation: Situation,
  points: number,
  signal: AbortSignal,
): Promise<PanelData> {
  const asked = panel.targets
    .filter(({ hide, expr }) => !hide && expr !== '')
    .flatMap((target) => kindsOf(target).map((kind) => ({ target, kind })));
  const results = await Promise.all(
    asked.map(async ({ target, kind }) => {
      const answer = await askTarget(situation, { panel: panel.id, target, kind, points }, signal);
      return { target, ...answered(answer) };
    }),
  );
  return dataOf(panel, situation, results);
}

function answered(answer: PanelAnswer | undefined): Omit<TargetResult, 'target'> {
  if (!answer) throw new PanelProblem('The server of this page does not answer.');
  switch (answer.kind) {
    case 'refused':
      throw new PanelProblem(answer.reason);
    case 'unreachable':
      throw new PanelProblem(`Prometheus at ${answer.url} can't be asked: ${answer.detail}.`);
    case 'series':
      return answer;
  }
}

function dataOf(panel: PanelModel, situation: Situation, results: readonly TargetResult[]): PanelData {
  const frames = transform(toFrames(results, situation.values), panel.transformations);
  return {
    range: situation.range,
    stepMs: Math.max(0, ...results.map(({ stepMs }) => stepMs)),
    timeZone: timeZoneOf(situation.dashboard),
    frames: configure(frames, panel.fieldConfig),
    annotations: NONE,
  };
}

const NONE: readonly Annotation[] = [];

export function timeZoneOf(dashboard: Situation['dashboard']): string {
  return isUtc(dashboard) ? 'Etc/UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

import { askLabelValues, askPanel } from './ask.ts';
import type {
  DashboardAnswer,
  DashboardListAnswer,
  PanelAnswer,
  VariableAnswer,
} from './dashboard-answers.ts';
import type { Dashboard } from './dashboard-schema.ts';
import { buildAnnotationRequest, buildPanelRequest, buildVariableRequest, parseAsked } from './request.ts';
import type { Asked } from './request.ts';

export type DashboardsAnswer = DashboardListAnswer | DashboardAnswer | PanelAnswer | VariableAnswer;

/**
 * Answers what the dashboards in the browser ask; undefined for a path that is none of theirs. A query that can't be
 * asked is an answer too, `refused`: the panel shows why.
 */
export async function answerDashboards(
  path: string,
  parameters: URLSearchParams,
  context: { readonly dashboards: ReadonlyMap<string, Dashboard>; readonly prometheusUrl: string },
): Promise<DashboardsAnswer | undefined> {
  const { dashboards, prometheusUrl } = context;
  const answer = async (build: (asked: Asked) => Promise<PanelAnswer | VariableAnswer>) => {
    const asked = parseAsked(parameters, dashboards);
    return asked.kind === 'refused' ? asked : build(asked);
  };
  switch (path) {
    case '/api/dashboards':
      return {
        dashboards: [...dashboards.values()].map(({ uid, title, description, tags }) => ({
          uid,
          title,
          description,
          tags,
        })),
      };
    case '/api/panel':
      return answer(async (asked) => {
        const request = buildPanelRequest(asked);
        return request.kind === 'refused' ? request : askPanel(prometheusUrl, request);
      });
    case '/api/annotation':
      return answer(async (asked) => {
        const request = buildAnnotationRequest(asked);
        return request.kind === 'refused' ? request : askPanel(prometheusUrl, request);
      });
    case '/api/variable':
      return answer(async (asked) => {
        const request = buildVariableRequest(asked);
        return request.kind === 'refused' ? request : askLabelValues(prometheusUrl, request, asked);
      });
    default:
      return path.startsWith(DASHBOARD) ? dashboards.get(path.slice(DASHBOARD.length)) : undefined;
  }
}

const DASHBOARD = '/api/dashboards/';

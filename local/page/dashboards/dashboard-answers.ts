import type { Series, Unreachable } from '#local/page/answers.ts';
import type { Dashboard } from './dashboard-schema.ts';

/** What the page's server answers its dashboards; `refused` says in words what was wrong with the question. */

export interface DashboardListAnswer {
  readonly dashboards: readonly Pick<Dashboard, 'uid' | 'title' | 'description' | 'tags'>[];
}

export type DashboardAnswer = Dashboard;

export type PanelAnswer =
  | { readonly kind: 'series'; readonly stepMs: number; readonly series: readonly Series[] }
  | { readonly kind: 'refused'; readonly reason: string }
  | Unreachable;

export type VariableAnswer =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string }
  | Unreachable;

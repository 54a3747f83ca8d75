import dataQuality from '#grafana/generated/dashboards/data-quality.json' with { type: 'json' };
import marketLive from '#grafana/generated/dashboards/market-live.json' with { type: 'json' };
import marketOverview from '#grafana/generated/dashboards/market-overview.json' with { type: 'json' };
import pipelineHealth from '#grafana/generated/dashboards/pipeline-health.json' with { type: 'json' };
import type { Dashboard } from './dashboards.ts';

/** Every generated dashboard, imported so that it is bundled with the function that provisions them. */
export const GENERATED_DASHBOARDS: readonly Dashboard[] = [
  marketLive,
  marketOverview,
  pipelineHealth,
  dataQuality,
];

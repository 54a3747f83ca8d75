import { dataQuality } from './data-quality.ts';
import { marketLive } from './market-live.ts';
import { marketOverview } from './market-overview.ts';
import type { Page } from './page.ts';
import { pipelineHealth } from './pipeline-health.ts';

/** Every page, by the name of its generated file. */
export const PAGES: Readonly<Record<string, Page>> = {
  'market-live': marketLive,
  'market-overview': marketOverview,
  'pipeline-health': pipelineHealth,
  'data-quality': dataQuality,
};

import { LATENCY_STAGES } from '#domain/metrics.ts';
import type { SeriesAnswer } from '#local/page/answers.ts';
import { formatDuration } from '#local/page/format.ts';
import type { QueryRange } from '#local/page/queries.ts';
import { Timeline } from '#local/page/timeline.ts';
import { askInstant, askRange } from './ask.ts';
import type { Asked } from './ask.ts';
import { byId } from './dom.ts';
import { createLineChart } from './line-chart.ts';
import type { Line } from './line-chart.ts';

const HOUR_MS = 3_600_000;
const WHOLE: QueryRange = '2h';
const LATEST: QueryRange = '5m';

const STAGE_LINES = [
  { name: LATENCY_STAGES.exchange, colour: 'line-1', dash: [] },
  { name: LATENCY_STAGES.network, colour: 'line-2', dash: [6, 3] },
  { name: LATENCY_STAGES.publish, colour: 'line-3', dash: [2, 2] },
  { name: LATENCY_STAGES.consume, colour: 'line-4', dash: [8, 3, 2, 3] },
  { name: LATENCY_STAGES.total, colour: 'line-5', dash: [], width: 2.5 },
] as const satisfies readonly Line[];

/** From the close of a candle to its place in the store, stage by stage. */
export function createLatencyView() {
  let scope: 'pair' | 'all' = 'pair';
  const chart = createLineChart({
    container: byId('latency', HTMLDivElement),
    legend: byId('latency-legend', HTMLUListElement),
    lines: STAGE_LINES,
    linearTo: 0.001,
    ticks: [-3600, -60, -10, -1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10, 60, 600, 3600, 36_000],
    format: formatDuration,
  });
  const feed = createFeed('stage', (symbol, range) =>
    scope === 'all' ? askRange('latency-all', undefined, range) : askInstant('latency', symbol, range),
  );
  return {
    recolour: () => chart.recolour(),
    clear: () => feed.clear(),
    setScope(next: 'pair' | 'all') {
      scope = next;
      feed.clear();
    },
    async refresh(symbol: string | undefined) {
      const nowMs = await feed.refresh(symbol);
      if (nowMs !== undefined) {
        const names = STAGE_LINES.map(({ name }) => name);
        chart.draw(feed.timeline().columns(names, 60_000), { fromMs: nowMs - HOUR_MS, toMs: nowMs });
      }
    },
  };
}

const AGE_LINES = [
  { name: 'this pair', colour: 'line-1', dash: [], width: 2 },
  { name: 'oldest of all pairs', colour: 'line-2', dash: [6, 3] },
] as const satisfies readonly Line[];

/** How long ago the last closed candle closed, by the exchange's clock: a saw of a minute when all is well. */
export function createFreshnessView() {
  const chart = createLineChart({
    container: byId('freshness', HTMLDivElement),
    legend: byId('freshness-legend', HTMLUListElement),
    lines: AGE_LINES,
    linearTo: 60,
    ticks: [-60, 0, 30, 60, 120, 300, 900, 3600, 14_400, 86_400, 604_800],
    format: formatDuration,
    limit: { value: 120, text: 'a candle is missing' },
  });
  const feed = createFeed('of', (symbol, range) => askRange('freshness', symbol, range));
  return {
    recolour: () => chart.recolour(),
    clear: () => feed.clear(),
    async refresh(symbol: string | undefined) {
      const nowMs = await feed.refresh(symbol);
      if (nowMs !== undefined) {
        chart.draw(feed.timeline().columns(['pair', 'worst'], 15_000), {
          fromMs: nowMs - HOUR_MS,
          toMs: nowMs,
        });
      }
    },
  };
}

/** Keeps a timeline up to date: everything at first and after a failure, then only what is new. */
function createFeed(label: string, ask: (symbol: string, range: QueryRange) => Asked<SeriesAnswer>) {
  let timeline = new Timeline(label, 2 * HOUR_MS);
  let whole = true;
  return {
    timeline: () => timeline,
    clear() {
      timeline = new Timeline(label, 2 * HOUR_MS);
      whole = true;
    },
    /** The server's clock when the timeline has changed, else undefined. */
    async refresh(symbol: string | undefined): Promise<number | undefined> {
      if (symbol === undefined) return undefined;
      const into = timeline;
      const answer = await ask(symbol, whole ? WHOLE : LATEST);
      // Another pair was chosen meanwhile.
      if (into !== timeline) return undefined;
      whole = answer?.kind !== 'series';
      if (answer?.kind !== 'series') return undefined;
      timeline.merge(answer.series);
      return answer.nowMs;
    },
  };
}

import type { AlertsAnswer, ReadyAnswer, SeriesAnswer, StateAnswer } from './answers.ts';
import { closeMsOf } from './candle-book.ts';
import { formatTime } from './format.ts';
import type { PipelineNumbers } from './pipeline.ts';
import type { DbtAnswer, OverviewAnswer } from './warehouse-answers.ts';

/**
 * One thing that is wrong, in words that stay the same while it lasts: they are read out, so no ticking numbers.
 */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'note';
  readonly title: string;
  readonly detail: string;
}

export interface Observed {
  /** False when the page's own server did not answer. */
  readonly serverAnswers: boolean;
  readonly store: SeriesAnswer | undefined;
  readonly ready: ReadyAnswer | undefined;
  readonly alerts: AlertsAnswer | undefined;
  readonly state: StateAnswer | undefined;
  readonly pipeline: PipelineNumbers | undefined;
  readonly overview: OverviewAnswer | undefined;
  readonly dbt: DbtAnswer | undefined;
  readonly symbol: string | undefined;
  /** Open time of the pair's newest candle. */
  readonly newestOpenMs: number | undefined;
  /** True when that candle is new since some seconds ago: old and moving is a pipeline that catches up. */
  readonly advancing: boolean;
  readonly nowMs: number;
}

/** A candle closes each minute and takes seconds to arrive, so by two minutes at least one is missing. */
const STALE_AFTER_MS = 120_000;

export function findProblems(observed: Observed): readonly Problem[] {
  if (!observed.serverAnswers) {
    return [
      error(
        'The page has lost its server',
        'What you see is what came last. Is npm start still running? Asking again every few seconds.',
      ),
    ];
  }
  return [
    ...ofStore(observed),
    ...ofParts(observed),
    ...ofExporter(observed),
    ...ofScrapes(observed),
    ...ofAlerts(observed),
    ...ofData(observed),
    ...ofWarehouse(observed),
  ];
}

function* ofStore({ store }: Observed): Generator<Problem> {
  if (store?.kind !== 'unreachable') return;
  yield error(
    'Prometheus can’t be reached',
    `${store.url}: ${store.detail}. Charts and numbers stay as they came last and go on when it answers.`,
  );
}

function* ofParts({ state }: Observed): Generator<Problem> {
  if (state?.kind === 'unknown') {
    yield { severity: 'warning', title: 'The state of the parts is not known', detail: `${state.detail}.` };
    return;
  }
  for (const part of state?.parts ?? []) {
    const title = partTitle(part.name);
    const detail = part.detail ? `${part.detail}.` : `Its log says more.`;
    if (part.state === 'failed') yield error(`${title} has failed`, detail);
    if (part.state === 'stopped') yield error(`${title} is stopped`, detail);
    if (part.state === 'restarting') yield { severity: 'warning', title: `${title} is restarting`, detail };
    if (part.state === 'starting') {
      yield {
        severity: 'note',
        title: `${title} is starting`,
        detail: part.detail ? detail : 'This takes seconds.',
      };
    }
  }
}

function* ofExporter({ ready, state }: Observed): Generator<Problem> {
  if (ready?.kind === 'unreachable') {
    const part = partOf(state, 'exporter');
    // A part that is known to be down has been named already.
    if (part && part.state !== 'running') return;
    yield error('The exporter can’t be reached', `${ready.url}: ${ready.detail}.`);
  }
  if (ready?.kind === 'exporter' && !ready.ready) {
    const reasons = ready.reasons.length > 0 ? ready.reasons.join('; ') : 'it gave no reason';
    yield { severity: 'warning', title: 'The exporter is not ready', detail: `${reasons}.` };
  }
}

/** As on AWS, where the exporter's metrics come by another way. */
const EXPORTER_JOB = 'ohlc-exporter';

function* ofScrapes({ pipeline, ready }: Observed): Generator<Problem> {
  for (const job of pipeline?.downJobs ?? []) {
    if (job === EXPORTER_JOB && ready?.kind === 'unreachable') continue;
    yield {
      severity: 'warning',
      title: `The numbers of the ${job} are missing`,
      detail: 'Prometheus can’t fetch its /metrics. The part may be down or still starting.',
    };
  }
}

/** Their names alone: what they say changes with their values, and is under Alerts. */
function* ofAlerts({ alerts, state }: Observed): Generator<Problem> {
  if (alerts?.kind === 'unreachable') {
    const part = partOf(state, 'alertmanager');
    // A part that is known to be down has been named already.
    if (part && part.state !== 'running') return;
    yield {
      severity: 'warning',
      title: 'Alertmanager can’t be reached',
      detail: `${alerts.url}: ${alerts.detail}. What fires is not known.`,
    };
    return;
  }
  // news of the market is no trouble of the pipeline
  const active =
    alerts?.alerts.filter((alert) => alert.state === 'active' && alert.severity !== 'info') ?? [];
  if (active.length === 0) return;
  const names = [...new Set(active.map(({ name }) => name))].join(', ');
  yield {
    severity: active.some(({ severity }) => severity === 'critical') ? 'error' : 'warning',
    title: names.includes(',') ? 'Alerts fire' : 'An alert fires',
    detail: `${names}: what it means and what to do is under Alerts.`,
  };
}

function* ofData({ store, symbol, newestOpenMs, advancing, nowMs }: Observed): Generator<Problem> {
  if (store?.kind !== 'series' || symbol === undefined) return;
  if (newestOpenMs === undefined) {
    yield {
      severity: 'warning',
      title: `No candles of ${symbol} yet`,
      detail: 'Prometheus holds none in the chosen range. The first comes when a minute closes.',
    };
    return;
  }
  const closeMs = closeMsOf({ openMs: newestOpenMs });
  if (nowMs - closeMs <= STALE_AFTER_MS) return;
  if (advancing) {
    yield {
      severity: 'note',
      title: 'Catching up',
      detail: 'Candles of the past are arriving, one after another.',
    };
    return;
  }
  yield {
    severity: 'warning',
    title: `The data of ${symbol} is stale`,
    detail: `Its newest candle closed at ${formatTime(closeMs + 1)} UTC. One should come each minute.`,
  };
}

function* ofWarehouse({ overview, dbt, state }: Observed): Generator<Problem> {
  const part = partOf(state, 'warehouse');
  // A part that is known to be down has been named already.
  if (overview?.kind === 'failing' && (!part || part.state === 'running')) {
    yield { severity: 'warning', title: 'The warehouse can’t be read', detail: `${overview.detail}.` };
  }
  const run = dbt?.kind === 'runs' ? dbt.runs[0] : undefined;
  const failed = (run?.models.failed ?? 0) + (run?.tests.failed ?? 0);
  if (run && failed > 0) {
    yield {
      severity: 'warning',
      title: `The last model run (${run.dag}) had failures`,
      detail: `${failed} of its models and tests failed; they are named under Warehouse.`,
    };
  }
}

function partOf(state: StateAnswer | undefined, part: string) {
  return state?.kind === 'state' ? state.parts.find(({ name }) => name === part) : undefined;
}

const TITLES = new Map([
  ['kafka', 'Kafka'],
  ['prometheus', 'Prometheus'],
  ['alertmanager', 'Alertmanager'],
  ['exchange', 'Replay exchange'],
  ['exporter', 'Exporter'],
  ['consumer', 'Metrics consumer'],
  ['page', 'Page'],
  ['warehouse', 'Warehouse (a Snowflake emulator on DuckDB)'],
  ['connect', 'Kafka Connect'],
  ['airflow', 'Airflow'],
]);

/** A part's name as a person reads it. */
export function partTitle(name: string): string {
  return TITLES.get(name) ?? name;
}

function error(title: string, detail: string): Problem {
  return { severity: 'error', title, detail };
}

import { formatCount, formatDateTime, formatDuration, formatTime } from '#local/page/format.ts';
import type {
  DbtAnswer,
  DbtRun,
  NodeCounts,
  Overview,
  OverviewAnswer,
} from '#local/page/warehouse-answers.ts';
import { byId, make, renderKeyed, setText } from './dom.ts';
import { showFigureList } from './figure-list.ts';
import type { Figure } from './figure-list.ts';

/** Whether the warehouse half runs, and what its marts say. Without an answer all stays as it came last. */
export function showOverview(answer: OverviewAnswer | undefined): void {
  if (answer === undefined) return;
  setText(byId('warehouse-state', HTMLParagraphElement), stateInWords(answer));
  for (const card of document.querySelectorAll<HTMLElement>('[data-half="warehouse"]')) {
    card.hidden = answer.kind === 'off';
  }
  if (answer.kind === 'off') return;
  const overview = answer.kind === 'read' ? answer : shown;
  shown = overview;
  showLanded(overview);
  showGaps(overview);
  showQuality(overview);
}

let shown: Overview | undefined;

/** Stays the same while nothing changes, since it is read out. */
function stateInWords(answer: OverviewAnswer): string {
  switch (answer.kind) {
    case 'off':
      return 'Off: this run was started with --no-batch. npm start without it brings this half up too.';
    case 'waiting':
      return `Not ready yet: ${answer.detail}.`;
    case 'failing':
      return `Can’t be read: ${answer.detail}. What you see is what came last.`;
    case 'read':
      return 'As the models were last built, read every 10 s.';
  }
}

function showLanded(overview: Overview | undefined): void {
  const candles = overview?.candles.reduce((sum, source) => sum + source.candles, 0);
  showFigureList('landed', [
    {
      name: 'Stream',
      value: overview ? formatCount(overview.streamRows) : '–',
      note:
        overview?.lastLandedMs === undefined ? 'rows' : `rows, last ${formatDateTime(overview.lastLandedMs)}`,
    },
    {
      name: 'Candles in the marts',
      value: candles === undefined ? '–' : formatCount(candles),
      note: overview?.candles.map((source) => `${source.source} ${formatCount(source.candles)}`).join(', '),
    },
    {
      name: 'Offsets missing, repeated',
      value: overview
        ? `${formatCount(overview.missingOffsets)}, ${formatCount(overview.repeatedRows)}`
        : '–',
      note: 'of what the connector landed',
      tone: overview && overview.missingOffsets > 0 ? 'warning' : undefined,
    },
  ]);
}

const GAP_CLASSES = [
  { gapClass: 'ours', name: 'Ours to fill' },
  { gapClass: 'exchange', name: 'Not at the exchange' },
  { gapClass: 'delisted', name: 'Delisted' },
] as const;

function showGaps(overview: Overview | undefined): void {
  const figures = GAP_CLASSES.map(({ gapClass, name }): Figure => {
    const total = overview?.gaps.find((gap) => gap.gapClass === gapClass);
    return {
      name,
      value: overview ? formatCount(total?.minutes ?? 0) : '–',
      note: total
        ? `minutes in ${formatCount(total.islands)} ${total.islands === 1 ? 'gap' : 'gaps'}`
        : 'minutes',
      tone: gapClass === 'ours' && total !== undefined ? 'warning' : undefined,
    };
  });
  showFigureList('gaps', figures);
  const gaps = overview?.newestGaps ?? [];
  renderKeyed(byId('gap-rows', HTMLTableSectionElement), JSON.stringify(gaps), () =>
    gaps.map((gap) => {
      const row = tableRow(
        gap.symbol,
        gap.gapClass,
        formatDateTime(gap.firstOpenMs),
        formatCount(gap.minutes),
      );
      const gapClass = row.children[1];
      if (gapClass instanceof HTMLElement) gapClass.dataset['class'] = gap.gapClass;
      return row;
    }),
  );
}

function showQuality(overview: Overview | undefined): void {
  setText(
    byId('quality-day', HTMLParagraphElement),
    overview?.day === undefined ? '' : `${overview.day}, UTC, worst pairs first`,
  );
  const total = overview?.dayTotal;
  showFigureList('quality', [
    {
      ...minutesFigure('Expected', total?.expected),
      note: total && `minutes of ${formatCount(total.symbols)} ${total.symbols === 1 ? 'pair' : 'pairs'}`,
    },
    minutesFigure('Present', total?.present),
    minutesFigure('Missing', total?.missing, true),
    minutesFigure('Late', total?.late),
    minutesFigure('Corrected', total?.corrected),
    minutesFigure('Healed', total?.healed),
  ]);
  const rows = overview?.worst ?? [];
  renderKeyed(byId('quality-rows', HTMLTableSectionElement), JSON.stringify(rows), () =>
    rows.map((row) =>
      tableRow(
        row.symbol,
        ...[row.expected, row.missing, row.late, row.corrected, row.healed].map((value) =>
          formatCount(value),
        ),
        row.lagP95Seconds === undefined ? '–' : formatDuration(row.lagP95Seconds),
      ),
    ),
  );
}

function minutesFigure(name: string, value: number | undefined, warns = false): Figure {
  return {
    name,
    value: value === undefined ? '–' : formatCount(value),
    note: 'minutes',
    tone: warns && value !== undefined && value > 0 ? 'warning' : undefined,
  };
}

/** The run that ended last, of whichever DAG. */
export function showDbt(answer: DbtAnswer | undefined): void {
  if (answer === undefined || answer.kind === 'off') return;
  const run = answer.kind === 'runs' ? answer.runs[0] : undefined;
  setText(
    byId('dbt-when', HTMLParagraphElement),
    run ? `${run.dag}, ${formatDateTime(run.endedMs)} UTC` : '',
  );
  showFigureList('dbt', [
    nodes('Models', run?.models, 'built'),
    nodes('Tests', run?.tests, 'passed'),
    {
      name: 'Took',
      value: run ? formatDuration(run.durationSeconds) : '–',
      note: run && `until ${formatTime(run.endedMs, true)}`,
    },
  ]);
  const troubled = run?.troubled ?? [];
  const key = JSON.stringify([answer.kind, troubled]);
  renderKeyed(byId('dbt-troubled', HTMLUListElement), key, () =>
    troubled.length > 0 ? troubled.map(troubledItem) : [make('li', 'muted', '', withoutTrouble(answer))],
  );
}

function withoutTrouble(answer: Exclude<DbtAnswer, { kind: 'off' }>): string {
  switch (answer.kind) {
    case 'none':
      return 'No run has ended yet.';
    case 'unreadable':
      return `Its artifacts can’t be read: ${answer.detail}`;
    case 'runs':
      return 'Nothing failed and nothing warned.';
  }
}

function nodes(name: string, counts: NodeCounts | undefined, good: string): Figure {
  if (!counts) return { name, value: '–', note: good };
  const rest = (['failed', 'warned', 'skipped'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${formatCount(counts[kind])} ${kind}`);
  return {
    name,
    value: formatCount(counts.passed),
    note: [good, ...rest].join(', '),
    tone: counts.failed > 0 || counts.warned > 0 ? 'warning' : undefined,
  };
}

function troubledItem({ name, status, message }: DbtRun['troubled'][number]): HTMLElement {
  const item = make('li', '', make('b', '', status), ` ${name}`, make('small', '', message ?? ''));
  item.dataset['status'] = status;
  return item;
}

function tableRow(...cells: readonly string[]): HTMLElement {
  return make('tr', '', ...cells.map((cell) => make('td', '', cell)));
}

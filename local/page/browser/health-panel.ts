import type { Part, PartState, ReadyAnswer, StateAnswer } from '#local/page/answers.ts';
import { formatCount, formatDuration } from '#local/page/format.ts';
import { partTitle } from '#local/page/problems.ts';
import type { PipelineNumbers, Reading } from '#local/page/pipeline.ts';
import type { Problem } from '#local/page/problems.ts';
import { byId, make, renderKeyed, setData, setText } from './dom.ts';
import { showFigureList } from './figure-list.ts';
import type { Figure } from './figure-list.ts';

/** What is wrong, or that nothing is. */
export function showProblems(problems: readonly Problem[]): void {
  const worst = (['error', 'warning', 'note'] as const).find((severity) =>
    problems.some((problem) => problem.severity === severity),
  );
  const [first] = problems;
  setData(byId('status', HTMLElement), 'severity', worst ?? 'good');
  const more = problems.length > 1 ? `${problems.length} things need attention` : first?.title;
  setText(byId('headline', HTMLParagraphElement), more ?? 'All parts are working');
  const list = byId('problems', HTMLUListElement);
  list.hidden = problems.length === 0;
  renderKeyed(list, JSON.stringify(problems), () =>
    problems.map(({ title, detail }) =>
      problems.length === 1 ? make('li', '', detail) : make('li', '', make('b', '', `${title}. `), detail),
    ),
  );
}

export function showSource(state: StateAnswer | undefined): void {
  const badge = byId('source', HTMLSpanElement);
  badge.hidden = state?.kind !== 'state';
  if (state?.kind !== 'state') return;
  setData(badge, 'source', state.source);
  setText(badge, state.source === 'live' ? 'live Binance' : 'replay (recorded candles, shifted to now)');
}

const MARKS: Readonly<Record<PartState, string>> = {
  running: '●',
  starting: '◐',
  restarting: '◐',
  failed: '✕',
  stopped: '■',
};

export function showParts(state: StateAnswer | undefined): void {
  const parts = state?.kind === 'state' ? state.parts : [];
  renderKeyed(byId('parts', HTMLUListElement), JSON.stringify(parts), () =>
    parts.length > 0 ? parts.map(partItem) : [make('li', 'muted', '', 'Not known')],
  );
}

function partItem(part: Part): HTMLElement {
  const mark = make('span', 'mark', MARKS[part.state]);
  mark.setAttribute('aria-hidden', 'true');
  const lag = part.lag === undefined ? '' : `, lag ${formatCount(part.lag)}`;
  const item = make(
    'li',
    '',
    mark,
    make('span', '', partTitle(part.name)),
    make('span', 'state', `${part.state}${lag}`),
  );
  item.dataset['state'] = part.state;
  const under = [part.url?.replace(/^https?:\/\//, ''), part.detail].filter(Boolean).join(' · ');
  item.append(make('span', 'address', under));
  return item;
}

export function showNumbers(numbers: PipelineNumbers | undefined, ready: ReadyAnswer | undefined): void {
  const exporter = ready?.kind === 'exporter' ? ready : undefined;
  const figures: readonly Figure[] = [
    {
      name: 'Pairs followed',
      value: exporter ? formatCount(exporter.symbols) : '–',
      note:
        exporter && exporter.staleSymbols.length > 0
          ? `${formatCount(exporter.staleSymbols.length)} late`
          : undefined,
      tone: exporter && exporter.staleSymbols.length > 0 ? 'warning' : undefined,
    },
    { name: 'Connections', value: exporter ? formatCount(exporter.connections) : '–', note: frames(numbers) },
    counted('Consumer lag', numbers?.consumerLag, 'records'),
    queue(numbers),
    counted('Minutes missing now', numbers?.holesOpen, undefined, true),
    {
      name: 'Missing found, filled',
      value: `${text(numbers?.holesFound)}, ${text(numbers?.holesFilled)}`,
      note: 'minutes',
    },
    counted('Rejected', numbers?.rejected, undefined, true),
    counted('Not acknowledged', numbers?.publishFailures, 'batches', true),
    counted('Candles not stored', numbers?.dropped),
    counted('Samples refused', numbers?.refused),
    counted('Reconnects', numbers?.reconnects),
    counted('Rotations', numbers?.rotations),
    counted('Duplicates dropped', numbers?.duplicates),
    {
      name: 'Clock offset',
      value: numbers?.clockOffset ? formatDuration(numbers.clockOffset.total) : '–',
      note: 'exchange minus here',
    },
  ];
  showFigureList('numbers', figures);
}

function counted(name: string, reading: Reading | undefined, unit?: string, warns = false): Figure {
  const parts = reading?.by.filter(({ label }) => label !== '') ?? [];
  const breakdown = unit ?? parts.map(({ label, value }) => `${label} ${formatCount(value)}`).join(', ');
  return {
    name,
    value: text(reading),
    note: breakdown,
    tone: warns && (reading?.total ?? 0) > 0 ? 'warning' : undefined,
  };
}

function queue(numbers: PipelineNumbers | undefined): Figure {
  const paused = (numbers?.intakePaused?.total ?? 0) > 0;
  return {
    name: 'Waiting for Kafka',
    value: text(numbers?.publishQueue),
    note: paused ? 'intake paused' : 'candles',
    tone: paused ? 'warning' : undefined,
  };
}

function frames(numbers: PipelineNumbers | undefined): string | undefined {
  return numbers?.frames && `${formatCount(numbers.frames.total)} frames`;
}

/** A dash for what is not known, which is not 0. */
function text(reading: Reading | undefined): string {
  return reading ? formatCount(reading.total) : '–';
}

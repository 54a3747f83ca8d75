/** Where progress is shown: a terminal has one line that changes, anything else gets a line now and then. */
export interface Progress extends Disposable {
  /** How many minutes there are to work through; more may be added. */
  expect(minutes: number): void;
  /** Minutes that are done with, however that ended. */
  advance(minutes: number): void;
  landed(rows: number, name: string): void;
  /** Minutes that need no work. */
  skip(minutes: number): void;
  /** A line that stays. */
  say(line: string): void;
}

export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const TERMINAL_EVERY_MS = 200;
const LINE_EVERY_MS = 5000;
const BAR_WIDTH = 24;

export function showProgress(screen: Screen, now: () => number = () => performance.now()): Progress {
  const isTerminal = screen.isTTY === true;
  const startedMs = now();
  let [expected, worked, rows, name, shown] = [0, 0, 0, '', ''];

  const line = () => progressLine({ expected, worked, rows, name, elapsedMs: now() - startedMs });
  const show = () => {
    const next = line();
    if (expected === 0 || next === shown) return;
    shown = next;
    screen.write(isTerminal ? `\r\u001B[2K${next.slice(0, (screen.columns ?? 80) - 1)}` : `${next}\n`);
  };
  const timer = setInterval(show, isTerminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS).unref();

  return {
    expect: (minutes) => (expected += minutes),
    advance: (minutes) => (worked += minutes),
    landed(newRows, newName) {
      [rows, name] = [rows + newRows, newName];
    },
    skip: (minutes) => (expected -= minutes),
    say: (text) => screen.write(isTerminal ? `\r\u001B[2K${text}\n` : `${text}\n`),
    [Symbol.dispose]() {
      clearInterval(timer);
      show();
      if (isTerminal && shown !== '') screen.write('\n');
    },
  };
}

interface State {
  readonly expected: number;
  readonly worked: number;
  readonly rows: number;
  readonly name: string;
  readonly elapsedMs: number;
}

/** For example `[######------------------]  25 %, 446,400 rows, 93,000 rows/s, 0:14 left, BTCUSDT-1m-2025-03.zip`. */
export function progressLine({ expected, worked, rows, name, elapsedMs }: State): string {
  const share = expected === 0 ? 1 : Math.min(1, worked / expected);
  const done = Math.floor(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}]`;
  const rate = elapsedMs > 0 ? Math.round((rows * 1000) / elapsedMs) : 0;
  // before that, one slow request would stand for all
  const left = share > 0.01 ? `${clock((elapsedMs * (1 - share)) / share)} left` : '';
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  const parts = [`${percent} %`, `${grouped(rows)} rows`, `${grouped(rate)} rows/s`, left, name];
  return `${bar} ${parts.filter(Boolean).join(', ')}`;
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

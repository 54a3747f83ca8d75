import { make } from '#local/page/browser/dom.ts';
import { parseDuration } from '#local/page/dashboards/step.ts';

interface RefreshControl {
  /** How often from now on; empty: never by itself. */
  readonly show: (interval: string) => void;
}

const OFFERED = ['5s', '10s', '30s', '1m', '5m', '15m', '1h'] as const;

/** Asks anew at the chosen pace, and not while the page is out of sight: then at once when it is back. */
export function createRefreshControl(
  container: HTMLElement,
  onRefresh: () => void,
  onChoose: (interval: string) => void,
): RefreshControl {
  const now = document.createElement('button');
  now.type = 'button';
  now.className = 'button';
  now.textContent = '↻';
  now.setAttribute('aria-label', 'Refresh now');
  const select = document.createElement('select');
  select.className = 'button';
  select.setAttribute('aria-label', 'Refresh by itself');
  container.append(now, select);

  let timer: ReturnType<typeof setTimeout> | undefined;
  let everyMs: number | undefined;
  let dueMs = 0;
  const wait = () => {
    clearTimeout(timer);
    if (everyMs === undefined) return;
    dueMs = performance.now() + everyMs;
    timer = setTimeout(run, everyMs);
  };
  const run = () => {
    if (document.hidden) return;
    onRefresh();
    wait();
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && everyMs !== undefined && performance.now() >= dueMs) run();
  });
  now.addEventListener('click', () => {
    onRefresh();
    wait();
  });
  select.addEventListener('change', () => onChoose(select.value));

  return {
    show(interval) {
      const offered = new Set(['', ...OFFERED, interval]);
      select.replaceChildren(
        ...[...offered].map((value) => {
          const option = make('option', '', value === '' ? 'Off' : `Every ${value}`);
          option.setAttribute('value', value);
          return option;
        }),
      );
      select.value = interval;
      everyMs = toMs(interval);
      wait();
    },
  };
}

/** The address may hold anything; what is no duration is off, and below a second is a second. */
function toMs(interval: string): number | undefined {
  return /^\d+(ms|[smhd])$/.test(interval) && Number.parseInt(interval, 10) > 0
    ? Math.max(1000, parseDuration(interval))
    : undefined;
}

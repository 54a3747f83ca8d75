import { identityOfProcess } from '#local/setup/process-identity.mjs';
import type { Half, Health, Part } from './part.ts';
import type { PartChange } from './run-part.ts';
import type { Screen } from './screen.ts';
import { stateFileIn, writeState } from './state-file.ts';
import type { PartState, RunState } from './state-file.ts';
import { partsTable } from './table.ts';

export interface BoardOptions {
  readonly parts: readonly Part[];
  /** Gets state.json. */
  readonly folder: string;
  readonly source: RunState['source'];
  readonly screen: Screen;
  /** Called the first time that every part of that half does its work. */
  readonly onReady?: (half: Half) => void;
}

/** What is known of every part, told to the state file, the screen and the parts that wait for others. */
export function statusBoard({ folder, source, parts, screen, onReady }: BoardOptions) {
  const startedAt = new Date().toISOString();
  const supervisor = { pid: process.pid, identity: identityOfProcess(process.pid) ?? '' };
  const halves = new Map(parts.map(({ name, half }) => [name, half]));
  const states: Record<string, PartState> = {};
  const health = new Map<string, Health['kind']>();
  for (const { name, url } of parts) states[name] = { url, state: 'starting' };
  let wakeWaiting = Promise.withResolvers<void>();
  const readyOnce = new Set<Half>();

  const isUp = (name: string) => (health.get(name) ?? 'down') !== 'down';
  const areReady = (some: readonly Part[]) => some.every(({ name }) => health.get(name) === 'ready');
  write();

  function write() {
    writeState(stateFileIn(folder), { ready: areReady(parts), source, startedAt, supervisor, parts: states });
  }

  function report(name: string, change: PartChange) {
    const [before, half] = [states[name], halves.get(name)];
    if (before === undefined || half === undefined)
      throw new Error(`expected the name of a part, got ${name}`);
    const { health: kind = health.get(name), ...fields } = change;
    const after = { ...before, ...fields };
    const isOtherState = before.state !== after.state;
    const hasChanged = isOtherState || health.get(name) !== kind;
    if (kind !== undefined) health.set(name, kind);
    states[name] = after;
    write();
    wakeWaiting.resolve();
    wakeWaiting = Promise.withResolvers();
    const becameReady = !readyOnce.has(half) && areReady(parts.filter((part) => part.half === half));
    if (becameReady) readyOnce.add(half);
    // on the way up and down one line a part says it all
    const isUnderWay = !readyOnce.has(half) || after.state === 'stopped';
    if (isUnderWay && isOtherState) screen.note(`${name}: ${after.state}, ${after.url}`);
    screen.showTable(partsTable(states), becameReady || (!isUnderWay && hasChanged));
    if (becameReady) onReady?.(half);
  }

  async function areUp(names: readonly string[], signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted && !names.every(isUp)) await Promise.race([wakeWaiting.promise, stopped]);
  }

  return { report, areUp };
}

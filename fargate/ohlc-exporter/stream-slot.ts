import type { AttemptLimiter } from './attempt-limiter.ts';
import { backoffMs } from './backoff.ts';
import type { Hosts } from './hosts.ts';
import type { Log } from './log.ts';
import { openStreamConnection } from './stream-connection.ts';
import type { ReconnectReason, StreamConnection } from './stream-connection.ts';
import type { StreamLimits } from './stream-limits.ts';
import { pause } from './waiting.ts';

export const ROTATION_REASONS = ['age', 'server-shutdown', 'symbol-deadline'] as const;
export type RotationReason = (typeof ROTATION_REASONS)[number];

export interface SlotOptions {
  readonly hosts: Hosts;
  readonly limiter: AttemptLimiter;
  readonly limits: StreamLimits;
  readonly log: Log;
  readonly onFrame: (frame: Buffer, connection: StreamConnection) => void;
  readonly onForming: (frames: number) => void;
  /** A connection has just been opened: what closed while there was none has to be looked for. */
  readonly onConnected: (slot: StreamSlot) => void;
  readonly onReconnect: (reason: ReconnectReason) => void;
  readonly onRotation: (reason: RotationReason) => void;
  readonly signal: AbortSignal;
  readonly random?: () => number;
}

/** One share of the symbols and the socket that serves it, replaced before it gets old and after it breaks. */
export class StreamSlot {
  readonly symbols = new Set<string>();
  readonly #options: SlotOptions;
  #active: StreamConnection | undefined;
  /** Those that go as soon as their successor delivers. */
  readonly #former = new Set<StreamConnection>();
  #rotate = Promise.withResolvers<RotationReason>();

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#active !== undefined && !this.#active.over;
  }

  /** Asks for a new connection while this one goes on; asked twice is asked once. */
  rotate(reason: RotationReason): void {
    this.#rotate.resolve(reason);
  }

  async add(symbols: readonly string[]): Promise<void> {
    for (const symbol of symbols) this.symbols.add(symbol);
    await this.#active?.carry(this.symbols);
  }

  async remove(symbols: readonly string[]): Promise<void> {
    for (const symbol of symbols) this.symbols.delete(symbol);
    await this.#active?.carry(this.symbols);
  }

  /** Keeps the slot connected until aborted. Every connection is treated alike, the first as the hundredth. */
  async run(): Promise<void> {
    const { limits, signal, onReconnect, onRotation, log } = this.#options;
    const aborted = onAbort(signal);
    // Sockets in a row that brought no data, or not all that was asked of them: each makes the next pause longer.
    let fruitless = 0;
    while (!signal.aborted) {
      const connection = await this.#open();
      if (connection === undefined) break;
      if (this.#active) this.#former.add(this.#active);
      this.#active = connection;
      this.#rotate = Promise.withResolvers();
      this.#options.onConnected(this);
      void this.#retireFormer(connection);
      // What was added or removed since it was asked for has gone to the old socket, or to none.
      await connection.carry(this.symbols);

      const ageing = new AbortController();
      const outcome = await Promise.race([
        connection.ended.then((reason) => ({ kind: 'ended' as const, reason })),
        this.#rotate.promise.then((reason) => ({ kind: 'rotate' as const, reason })),
        pause(this.#ageMs(), ageing.signal).then(() => ({ kind: 'rotate' as const, reason: 'age' as const })),
        aborted,
      ]);
      ageing.abort();
      if (outcome === 'aborted') break;
      const refused = outcome.kind === 'ended' && outcome.reason === 'subscribe-refused';
      fruitless = connection.delivered && !refused ? 0 : fruitless + 1;
      if (outcome.kind === 'rotate') {
        log.info('connection-rotating', { reason: outcome.reason, symbols: this.symbols.size });
        onRotation(outcome.reason);
        // A planned change is the moment to go back to the preferred host.
        if (outcome.reason === 'age') this.#options.hosts.reset();
        // The old socket goes on meanwhile; a host that sends every new one away again is not hammered.
        if (fruitless > 0)
          await pause(backoffMs(fruitless, limits.reconnectPause, this.#options.random), signal);
      } else {
        log.warn('connection-lost', { reason: outcome.reason, symbols: this.symbols.size });
        onReconnect(outcome.reason);
        await this.#fallBack();
        await pause(backoffMs(fruitless, limits.reconnectPause, this.#options.random), signal);
      }
    }
    for (const connection of [...this.#former, this.#active]) connection?.close('ours');
    this.#active = undefined;
  }

  /** Spread over the last twentieth, so that the sockets of one start are not all replaced at once. */
  #ageMs(): number {
    return this.#options.limits.maxAgeMs * (1 - (this.#options.random ?? Math.random)() / 20);
  }

  /** Tries host after host, pausing longer and longer, until a socket is open; undefined when aborted. */
  async #open(): Promise<StreamConnection | undefined> {
    const { hosts, limiter, limits, log, signal, onFrame, onForming, onReconnect, random } = this.#options;
    for (let attempt = 0; !signal.aborted; attempt++) {
      while (hosts.restMs(hosts.current) > 0 && !signal.aborted) {
        await pause(hosts.restMs(hosts.current), signal);
      }
      await pause(limiter.reserve(), signal);
      const baseUrl = hosts.current;
      const result = await openStreamConnection({
        baseUrl,
        symbols: [...this.symbols],
        onFrame,
        onForming,
        handshakeTimeoutMs: limits.handshakeTimeoutMs,
        silenceMs: limits.silenceMs,
        dataSilenceMs: limits.dataSilenceMs,
        controlPauseMs: limits.controlPauseMs,
        signal,
      });
      if (result.kind === 'open') {
        log.info('connection-open', { host: baseUrl, symbols: this.symbols.size });
        return result.connection;
      }
      if (signal.aborted) return undefined;
      if (result.tryNextHost) hosts.skip(baseUrl);
      if (result.forAddress) hosts.restAll(result.pauseMs);
      else hosts.rest(baseUrl, result.pauseMs);
      // A host not tried yet in this round is tried soon; a whole round of refusals is one more failure.
      const round = Math.floor(attempt / hosts.count);
      const pauseMs = backoffMs(round, limits.reconnectPause, random);
      log.warn('connection-failed', {
        host: baseUrl,
        reason:
          result.reason === 'HTTP 451'
            ? 'HTTP 451: this host refuses the region of this address'
            : result.reason,
        nextHost: hosts.current,
        pauseMs: Math.round(Math.max(pauseMs, hosts.restMs(hosts.current))),
      });
      onReconnect('connect-failed');
      await pause(pauseMs, signal);
    }
    return undefined;
  }

  /** The old sockets go once the new one delivers; one that is gone before leaves them to the next. */
  async #retireFormer(successor: StreamConnection): Promise<void> {
    const former = [...this.#former];
    await Promise.race([successor.delivering, successor.ended]);
    await pause(this.#options.limits.overlapMs, this.#options.signal);
    for (const old of former) {
      if (!successor.over) old.close('ours');
      if (old.over) this.#former.delete(old);
    }
  }

  /** Back to the socket that was to be replaced, where it still lives. */
  async #fallBack(): Promise<void> {
    this.#active = [...this.#former].findLast((old) => !old.over);
    if (this.#active === undefined) return;
    this.#former.delete(this.#active);
    await this.#active.carry(this.symbols);
  }
}

async function onAbort(signal: AbortSignal): Promise<'aborted'> {
  if (signal.aborted) return 'aborted';
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));
}

import { MINUTE_MS } from '#domain/candle.ts';
import type { Clock } from './clock.ts';
import type { FaultBook, ClosedFault } from './fault-book.ts';
import { formingCandle, UPDATE_EVERY_MS } from './forming.ts';
import type { Frame } from './frames.ts';
import { brokenFrame, klineFrame, klineStream, verbatimFrame } from './frames.ts';
import type { Ledger } from './ledger.ts';
import { lessTraded } from './less-traded.ts';
import { tradesIn } from './listings.ts';
import type { Listing, Listings } from './listings.ts';
import type { Subscribers } from './subscribers.ts';

export interface PublisherContext {
  readonly wall: Clock;
  readonly clock: Clock;
  readonly listings: Listings;
  readonly subscribers: Subscribers;
  readonly faults: FaultBook;
  readonly ledger: Ledger;
  /** The closed frames of a minute go out from 4 ms to this long after it; less than 2 s, when the next update is due. */
  readonly closeLagMs: number;
  readonly updates: boolean;
}

/** Symbols are spread over this many moments after the minute's end. */
const LAG_CLASSES = 8;
const LEAST_LAG_MS = 4;

/**
 * Sends what the market does: an update of each subscribed symbol every 2 s of wall time (so fewer a minute when the
 * clock runs fast), and every closed candle without exception. Returns how to stop it.
 */
export function startPublishing(context: PublisherContext): () => void {
  const { wall, clock, listings, subscribers, faults, ledger } = context;
  const timers = new Set<() => void>();
  /** Per lag class, the last minute whose closed frames are out: no update of a later minute comes before them. */
  const sentUntil = new Map<number, number>();
  const heldBack = new Map<string, Frame>();

  function schedule(on: Clock, timeMs: number, task: () => void): void {
    const cancel = on.at(timeMs, () => {
      timers.delete(cancel);
      task();
    });
    timers.add(cancel);
  }
  function send(symbol: string, frame: Frame): void {
    for (const connection of subscribers.of(klineStream(symbol))) connection.send(frame, symbol);
  }

  function endMinute(minute: number): void {
    const classes = Array.from({ length: LAG_CLASSES }, (): Listing[] => []);
    for (const listing of listings.all()) {
      if (!tradesIn(listing, minute)) continue;
      classes[lagClassOf(listing.market.symbol)]?.push(listing);
    }
    for (const [lagClass, group] of classes.entries()) {
      const members = group.map((listing) => ({
        listing,
        hits: faults.strikeClosed(listing.market.symbol, minute),
      }));
      for (const { listing, hits } of members) {
        if (hits.some((hit) => hit.kind === 'missing' && hit.at === 'exchange')) {
          ledger.mark(listing.market.symbol, minute, 'missing-at-exchange');
        }
      }
      schedule(clock, (minute + 1) * MINUTE_MS + lagOf(lagClass, context.closeLagMs), () => {
        sentUntil.set(lagClass, minute);
        for (const { listing, hits } of members) close(listing, minute, hits);
      });
    }
    schedule(clock, (minute + 2) * MINUTE_MS, () => endMinute(minute + 1));
  }

  function close({ market }: Listing, minute: number, hits: readonly ClosedFault[]): void {
    const { symbol } = market;
    const candle = market.candle(minute);
    let frames = [klineFrame(candle, clock.now(), true)];
    let [delayMs, hold] = [0, false];
    for (const hit of hits) {
      switch (hit.kind) {
        case 'missing':
          ledger.mark(symbol, minute, 'withheld-from-stream');
          return;
        case 'malformed':
          ledger.mark(symbol, minute, 'malformed-on-stream');
          frames = [verbatimFrame(hit.text ?? brokenFrame(symbol))];
          break;
        case 'differ':
          if (candle.trades > 0) ledger.mark(symbol, minute, 'differs-on-stream');
          frames = [klineFrame(lessTraded(candle), clock.now(), true)];
          break;
        case 'duplicate':
          ledger.mark(symbol, minute, 'duplicated');
          frames = Array.from({ length: hit.copies + 1 }, () => frames).flat();
          break;
        case 'late':
          ledger.mark(symbol, minute, 'late');
          ({ delayMs } = hit);
          break;
        case 'out-of-order':
          ledger.mark(symbol, minute, 'out-of-order');
          hold = true;
          break;
      }
    }
    const previous = heldBack.get(symbol);
    heldBack.delete(symbol);
    const deliver = () => {
      for (const frame of frames) send(symbol, frame);
    };
    const [last] = frames;
    if (hold && last) heldBack.set(symbol, last);
    else if (delayMs > 0) schedule(clock, clock.now() + delayMs, deliver);
    else deliver();
    if (previous) send(symbol, previous);
  }

  function update(): void {
    const now = clock.now();
    const minute = Math.floor(now / MINUTE_MS);
    if (now - minute * MINUTE_MS >= UPDATE_EVERY_MS) {
      for (const listing of listings.all()) {
        const { symbol } = listing.market;
        if (subscribers.of(klineStream(symbol)).size === 0 || !tradesIn(listing, minute)) continue;
        if ((sentUntil.get(lagClassOf(symbol)) ?? minute - 1) < minute - 1) continue;
        send(
          symbol,
          klineFrame(formingCandle(listing.market, listing.market.candle(minute), now), now, false),
        );
      }
    }
    schedule(wall, nextMultiple(wall.now(), UPDATE_EVERY_MS), update);
  }

  const firstMinute = Math.floor(clock.now() / MINUTE_MS);
  schedule(clock, (firstMinute + 1) * MINUTE_MS, () => endMinute(firstMinute));
  if (context.updates) schedule(wall, nextMultiple(wall.now(), UPDATE_EVERY_MS), update);
  return () => {
    for (const cancel of timers) cancel();
  };
}

function nextMultiple(timeMs: number, stepMs: number): number {
  return (Math.floor(timeMs / stepMs) + 1) * stepMs;
}

function lagOf(lagClass: number, mostMs: number): number {
  return Math.min(mostMs, LEAST_LAG_MS + Math.floor((lagClass * mostMs) / LAG_CLASSES));
}

function lagClassOf(symbol: string): number {
  let sum = 0;
  for (let i = 0; i < symbol.length; i++) sum += symbol.charCodeAt(i);
  return sum % LAG_CLASSES;
}

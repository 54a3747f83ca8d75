import type { Round } from './forwarder.ts';

export interface Tally {
  readonly add: (round: Round) => void;
  /** Tells the totals once more. */
  readonly close: () => void;
}

export type Log = (level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>) => void;

/** Totals since the start; a line for each round that lost or put off something, and one now and then while all is well. */
export function createTally(log: Log, roundsBetweenLines = ROUNDS_BETWEEN_LINES): Tally {
  const totals = { rounds: 0, stored: 0, refused: 0, dropped: 0, unreadable: 0, scrapeFailures: 0 };
  return {
    add: (round) => {
      const refused = Object.values(round.refused).reduce((sum, count) => sum + count, 0);
      totals.rounds += 1;
      totals.stored += round.stored;
      totals.refused += refused;
      totals.dropped += round.dropped;
      totals.unreadable += round.unreadable;
      totals.scrapeFailures += round.scrapeFailure === undefined ? 0 : 1;
      const whole =
        refused + round.dropped + round.unreadable + round.waiting === 0 && round.scrapeFailure === undefined;
      if (!whole) log('warn', 'round', { ...round, totals: { ...totals } });
      else if (totals.rounds % roundsBetweenLines === 1) log('info', 'forwarded', totals);
    },
    close: () => log('info', 'stopped', totals),
  };
}

/** Every quarter of an hour at 30 s a round. */
const ROUNDS_BETWEEN_LINES = 30;

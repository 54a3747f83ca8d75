import { createHash } from 'node:crypto';
import { DAY_MS } from './piece.ts';

/** What people look at most is looked at each time. */
export const EVERY_NIGHT_DAYS = 60;

/** An older file's turn comes once in so many days. */
export const TURN_DAYS = 30;

interface Known {
  readonly fileName: string;
  readonly lastMs: number;
}

/** Of tens of thousands of files, those to look at on this day: the new ones, and of the older ones those whose turn it is. */
export function chosenOn<File extends Known>(files: readonly File[], nowMs: number): readonly File[] {
  const today = Math.floor(nowMs / DAY_MS);
  return files.filter(
    ({ fileName, lastMs }) =>
      lastMs >= nowMs - EVERY_NIGHT_DAYS * DAY_MS || turnOf(fileName) === today % TURN_DAYS,
  );
}

/** The same in every run: a day of the turn, from 0. */
function turnOf(fileName: string): number {
  return createHash('sha256').update(fileName).digest().readUInt32BE() % TURN_DAYS;
}

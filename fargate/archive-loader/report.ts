import { minutesOf, nameOf } from './piece.ts';
import type { Piece } from './piece.ts';
import type { Progress } from './progress.ts';

/** How one piece ended. */
export type Outcome =
  | { readonly kind: 'loaded'; readonly rows: number }
  /** An earlier run has loaded it. */
  | { readonly kind: 'skipped' }
  /** Neither the archive nor REST has it. */
  | { readonly kind: 'missing'; readonly reason: string }
  /** It is there and wrong: nothing of it was loaded. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It could not be had this time. */
  | { readonly kind: 'failed'; readonly reason: string };

export type OutcomeKind = Outcome['kind'];

export interface Summary {
  readonly pieces: Readonly<Record<OutcomeKind, number>>;
  readonly rows: number;
  readonly absentMinutes: number;
  /** What was missing, refused or failed, by name. */
  readonly problems: readonly Problem[];
  /** What is worth a look, though nothing was lost by it. */
  readonly warnings: readonly Warning[];
}

interface Warning {
  readonly name: string;
  readonly reason: string;
}

export interface Problem {
  readonly kind: 'missing' | 'refused' | 'failed';
  readonly name: string;
  readonly reason: string;
}

/** Counts how pieces ended and shows it as it happens. */
export class Report {
  readonly #progress: Progress;
  readonly #pieces: Record<OutcomeKind, number> = {
    loaded: 0,
    skipped: 0,
    missing: 0,
    refused: 0,
    failed: 0,
  };
  readonly #problems: Problem[] = [];
  readonly #warnings: Warning[] = [];
  #rows = 0;
  #absentMinutes = 0;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  settle(piece: Piece, outcome: Outcome): void {
    this.#count(nameOf(piece), outcome);
    if (outcome.kind === 'skipped') this.#progress.skip(minutesOf(piece));
    else this.#progress.advance(minutesOf(piece));
  }

  /** Minutes of a piece that need no work, though the rest of it does. */
  skipMinutes(minutes: number): void {
    this.#progress.skip(minutes);
  }

  /** What is not a piece of the plan: it counts, and moves no bar. */
  add(name: string, outcome: Outcome): void {
    this.#count(name, outcome);
  }

  warn(name: string, reason: string): void {
    this.#warnings.push({ name, reason });
    this.#progress.say(`warning ${name}: ${reason}`);
  }

  say(line: string): void {
    this.#progress.say(line);
  }

  /** Minutes that the exchange does not have either. */
  addAbsent(minutes: number): void {
    this.#absentMinutes += minutes;
  }

  get summary(): Summary {
    return {
      pieces: { ...this.#pieces },
      rows: this.#rows,
      absentMinutes: this.#absentMinutes,
      problems: [...this.#problems],
      warnings: [...this.#warnings],
    };
  }

  #count(name: string, outcome: Outcome): void {
    this.#pieces[outcome.kind] += 1;
    if (outcome.kind === 'skipped') return;
    if (outcome.kind === 'loaded') {
      this.#rows += outcome.rows;
      this.#progress.landed(outcome.rows, name);
      return;
    }
    this.#problems.push({ kind: outcome.kind, name, reason: outcome.reason });
    // A range before the listing can have thousands of these; the summary counts them.
    if (outcome.kind !== 'missing') this.#progress.say(`${outcome.kind} ${name}: ${outcome.reason}`);
  }
}

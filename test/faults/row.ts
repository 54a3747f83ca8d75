/** One way that something can go wrong, what has to come of it, and how that is shown. */
export interface Row {
  /** Its section and number. */
  readonly row: string;
  readonly fault: string;
  readonly expected: string;
  readonly proof: Proof;
}

type Proof =
  | {
      readonly kind: 'test';
      /** Below `test/`. */
      readonly file: string;
      readonly name: string;
      /** A smaller test of the same, with a fixed seed, as a part of `npm test`. A file `*.short.faults.ts` is that by itself. */
      readonly short?: { readonly file: string; readonly name: string };
      /** Where the rest of what is expected is shown, by the file (from the project's folder) and a name in it: what a later part does. */
      readonly also?: readonly { readonly file: string; readonly name: string }[];
      /** What was seen, with the machine and the seed where they matter. */
      readonly measured?: string;
    }
  /** Why it can't be shown on one machine, or is not yet. */
  | { readonly kind: 'not-here'; readonly reason: string };

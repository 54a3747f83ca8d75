/** Series in promtool's own notation, from minute 0 on, and what an alert makes of them. */
export interface AlertCase {
  readonly series: Readonly<Record<string, string>>;
  /** Between two values, and between two evaluations. @default 1 */
  readonly stepMinutes?: number;
  readonly atMinute: number;
  /** A minute before that in which nothing is said yet, though it is wrong. @default none is looked at */
  readonly quietAtMinute?: number;
  /** What is said; none where it has to keep quiet. */
  readonly firing?: readonly Said[];
}

interface Said {
  /** Beside the severity. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface AlertCases {
  /** Where it goes off. */
  readonly fires: AlertCase;
  /** Near to that, where it must not. */
  readonly quiet: AlertCase;
  /** By what is nasty of it: a restart, a missing minute, a new listing, … */
  readonly nasty: Readonly<Record<string, AlertCase>>;
}

/** By the alert's name. */
export type GroupCases = Readonly<Record<string, AlertCases>>;

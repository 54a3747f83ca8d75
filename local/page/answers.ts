/** What the page's server answers its browser code: the two sides share these types. */

/** Sample time in ms since 1970, and the value in Prometheus's own text (`NaN` and `1e-05` included). */
export type Sample = readonly [timeMs: number, value: string];

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

/** A part that could not be asked. It is an expected outcome, so it comes with status 200. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly url: string;
  /** Why, for people. */
  readonly detail: string;
}

export type SeriesAnswer =
  | { readonly kind: 'series'; readonly nowMs: number; readonly series: readonly Series[] }
  | Unreachable;

export type SymbolsAnswer = { readonly kind: 'symbols'; readonly symbols: readonly string[] } | Unreachable;

/** An alert that Alertmanager holds. */
export interface FiringAlert {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
  readonly description: string;
  readonly sinceMs: number;
  /** A path on this page: `/d/…`; undefined where the alert says none. */
  readonly dashboard: string | undefined;
  /** A path in the repository; as above. */
  readonly runbook: string | undefined;
  /** Nobody is told of one that other alerts explain, or that a person silenced. */
  readonly state: 'active' | 'inhibited' | 'silenced';
  /** Names of the alerts that explain it. */
  readonly inhibitedBy: readonly string[];
}

export type AlertsAnswer = { readonly kind: 'alerts'; readonly alerts: readonly FiringAlert[] } | Unreachable;

/** The exporter's own word on itself. */
export type ReadyAnswer =
  | {
      readonly kind: 'exporter';
      readonly ready: boolean;
      readonly reasons: readonly string[];
      readonly connections: number;
      readonly symbols: number;
      readonly staleSymbols: readonly string[];
    }
  | Unreachable;

export const PART_STATES = ['starting', 'running', 'restarting', 'failed', 'stopped'] as const;
export type PartState = (typeof PART_STATES)[number];

export interface Part {
  readonly name: string;
  readonly state: PartState;
  readonly url?: string | undefined;
  /** Records that the part has still to read. */
  readonly lag?: number | undefined;
  readonly detail?: string | undefined;
}

/** What the supervisor's state file says. */
export type StateAnswer =
  | {
      readonly kind: 'state';
      readonly ready: boolean;
      readonly source: 'live' | 'replay';
      readonly startedAt: string;
      readonly parts: readonly Part[];
    }
  | { readonly kind: 'unknown'; readonly detail: string };

import type { FieldConfig } from './dashboard-schema.ts';

interface FieldBase {
  /** What transformations and `options` call it: `Time`, `Value`, `Value #A` or a label's name. */
  readonly name: string;
  /** What people are shown: the legend, or what an override calls it. */
  readonly displayName: string;
  /** Empty for a column of a table. */
  readonly labels: Readonly<Record<string, string>>;
  /** The panel's defaults with the overrides for this field over them. */
  readonly config: FieldConfig;
}

/** In ms since 1970. */
export interface TimeField extends FieldBase {
  readonly type: 'time';
  readonly values: readonly (number | null)[];
}

/** `NaN` and the infinities are values, null is none. */
export interface NumberField extends FieldBase {
  readonly type: 'number';
  readonly values: readonly (number | null)[];
}

export interface StringField extends FieldBase {
  readonly type: 'string';
  readonly values: readonly (string | null)[];
}

/** A time series in each cell: `timeSeriesTable` makes such a field, for sparklines. */
export interface SeriesField extends FieldBase {
  readonly type: 'frame';
  readonly values: readonly (Frame | null)[];
}

export type Field = TimeField | NumberField | StringField | SeriesField;

/**
 * Columns of the same length. A query over time gives one frame per series (`Time` and `Value`); one in the format
 * `table` gives one frame with a column per label; one in the format `heatmap` gives one with a column per bucket, each
 * named by its `le`, in rising order and with its own count, not the cumulative one. A series has no row where
 * Prometheus has no sample: two rows further apart than `stepMs` have a hole between them.
 */
export interface Frame {
  readonly refId: string;
  readonly length: number;
  readonly fields: readonly Field[];
  /** Undefined for instant queries and for what transformations made. */
  readonly stepMs: number | undefined;
  /** Of a series in a table's cell: the one number that stands for it there. */
  readonly value?: number | null;
}

/** An event of the dashboard, as a vertical line at `timeMs` or a region until `endMs`. */
export interface Annotation {
  readonly timeMs: number;
  readonly endMs: number | undefined;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  /** A colour of Grafana's by name, or a CSS colour. */
  readonly colour: string;
}

export interface PanelData {
  readonly range: { readonly fromMs: number; readonly toMs: number };
  /** Greatest of the queries' steps; 0 when all are instant. */
  readonly stepMs: number;
  /** IANA name, for Intl: the browser's own or UTC, as the dashboard says. */
  readonly timeZone: string;
  /** None: the frame says that there is no data, and nothing is drawn. */
  readonly frames: readonly Frame[];
  readonly annotations: readonly Annotation[];
}

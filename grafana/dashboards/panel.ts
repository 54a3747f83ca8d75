import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { DATA_SOURCE } from './variables.ts';

/** What the SDK's panels have in common: a page gives each its place. */
export interface PlaceablePanel extends Builder<Panel> {
  id(id: number): this;
  gridPos(gridPos: GridPos): this;
}

/** Prices with thousands apart, as `112,749.72`: the short unit would make 113 K of it, and the same of its neighbours. */
export const PRICE = { unit: units.LocaleFormat, decimals: 8 } as const;

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string;
  /** What it shows, and what to make of it. */
  readonly description: string;
  /** One of the SDK's units. */
  readonly unit: string;
}

interface DescribedPanel extends PlaceablePanel {
  title(title: string): this;
  description(description: string): this;
  unit(unit: string): this;
  datasource(source: typeof DATA_SOURCE): this;
  targets(targets: Builder<ReturnType<DataqueryBuilder['build']>>[]): this;
}

/** A builder of the SDK with title, description, unit, data source and queries set; queries are named A, B, C … in order. */
export function described<P extends DescribedPanel>(
  panel: P,
  { title, description, unit }: PanelText,
  queries: readonly DataqueryBuilder[],
): P {
  return panel
    .title(title)
    .description(description)
    .unit(unit)
    .datasource(DATA_SOURCE)
    .targets(queries.map((query, index) => query.refId(String.fromCharCode(FIRST_REF_ID + index))));
}

const FIRST_REF_ID = 'A'.charCodeAt(0);

/** From which value on it is which colour; below the first it is green. */
export type Thresholds = readonly (readonly [from: number, color: 'yellow' | 'red' | 'green'])[];

export function thresholdsConfig(thresholds: Thresholds, below = 'green'): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: below }, ...thresholds.map(([value, color]) => ({ value, color }))]);
}

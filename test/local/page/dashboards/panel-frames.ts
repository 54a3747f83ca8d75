import { fieldConfigSchema } from '#local/page/dashboards/dashboard-schema.ts';
import type { Frame, NumberField, PanelData, StringField, TimeField } from '#local/page/dashboards/frame.ts';

export const MINUTE_MS = 60_000;
export const START_MS = Date.UTC(2026, 0, 2, 3);

const base = (name: string, config: object) => ({
  name,
  displayName: name,
  labels: {},
  config: fieldConfigSchema.parse(config),
});

export function times(minutes: readonly number[], name = 'Time'): TimeField {
  return { ...base(name, {}), type: 'time', values: minutes.map((minute) => START_MS + minute * MINUTE_MS) };
}

export function numbers(name: string, values: readonly (number | null)[], config: object = {}): NumberField {
  return { ...base(name, config), type: 'number', values };
}

export function texts(name: string, values: readonly (string | null)[], config: object = {}): StringField {
  return { ...base(name, config), type: 'string', values };
}

/** A time series, a sample a minute; a minute whose value is left undefined has none. */
export function series(
  name: string,
  values: readonly (number | null | undefined)[],
  config: object = {},
): Frame {
  const rows = values.flatMap((value, minute) => (value === undefined ? [] : [{ minute, value }]));
  return {
    refId: 'A',
    length: rows.length,
    stepMs: MINUTE_MS,
    fields: [
      times(rows.map(({ minute }) => minute)),
      numbers(
        name,
        rows.map(({ value }) => value),
        config,
      ),
    ],
  };
}

export function table(...fields: Frame['fields']): Frame {
  return { refId: 'A', length: fields[0]?.values.length ?? 0, stepMs: undefined, fields };
}

export function panelData(...frames: readonly Frame[]): PanelData {
  const toMs = START_MS + 30 * MINUTE_MS;
  return {
    range: { fromMs: START_MS, toMs },
    stepMs: MINUTE_MS,
    timeZone: 'UTC',
    frames,
    annotations: [],
  };
}

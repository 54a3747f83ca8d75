import type { FieldConfig, ValueMapping } from '#local/page/dashboards/dashboard-schema.ts';
import { cssColour } from './colours.ts';
import type { Field, NumberField, TimeField } from '#local/page/dashboards/frame.ts';
import { boundsOf, fieldBounds, shareOf, valueColour } from './scale.ts';
import type { Bounds } from './scale.ts';
import { writtenTime } from './ticks.ts';
import { formatOf, withoutZeros, written } from './units.ts';
import type { Formatted } from './units.ts';

type Value = number | string | null;

/** A value as people see it. */
export interface Shown {
  readonly parts: Formatted;
  /** The parts as one text. */
  readonly text: string;
  /** CSS; undefined where the value has none of its own: there is no number, and no mapping gives one. */
  readonly colour: string | undefined;
  /** Where it lies between the field's bounds, 0 to 1. */
  readonly share: number;
  /** The colour where it can be read as text: a colour between two may be too near to the ground. */
  readonly textColour: string | undefined;
  /** Those bounds. */
  readonly bounds: Bounds;
}

export interface Surroundings {
  readonly usual: 'thresholds' | 'palette-classic';
  /** The field's place among the panel's fields of numbers. */
  readonly index: number;
  /** Of all the panel's numbers. @default the field's own */
  readonly data?: Bounds;
  readonly timeZone: string;
}

/** Writes the values of a field: mapping first, then unit and decimals; the colour by mapping, then by colour mode. */
export function displayOf(field: Field, around: Surroundings): (value: Value, decimals?: number) => Shown {
  const { config } = field;
  const format = formatOf(config.unit ?? 'none');
  const bounds = fieldBounds(config, around.data ?? boundsOf([field]));
  return (value, decimals = config.decimals ?? undefined) => {
    const mapped = mappingOf(config.mappings, value);
    const isNumber = typeof value === 'number' && !Number.isNaN(value) && field.type !== 'time';
    const ownColour = isNumber ? valueColour(config, value, { ...around, bounds }) : undefined;
    const parts = mapped?.text === undefined ? formatted(value) : { text: mapped.text };
    const colour = mapped?.color === undefined ? ownColour : cssColour(mapped.color);
    const between = mapped?.color === undefined && config.color?.mode.startsWith('continuous-');
    return {
      parts,
      text: written(parts),
      colour,
      textColour: between ? 'var(--text)' : colour,
      share: typeof value === 'number' ? shareOf(value, bounds) : 0,
      bounds,
    };

    function formatted(of: Value): Formatted {
      if (of === null || of === '') return { text: config.noValue ?? '' };
      if (typeof of === 'string') return { text: of };
      if (field.type === 'time' && !config.unit?.startsWith('dateTime')) {
        return { text: writtenTime(of, around.timeZone) };
      }
      return typeof config.decimals === 'number' ? format(of, decimals) : withoutZeros(format(of, decimals));
    }
  };
}

type Mapped = { readonly text?: string | undefined; readonly color?: string | undefined };

/** What the first mapping that holds for the value makes of it. */
function mappingOf(mappings: FieldConfig['mappings'], value: Value): Mapped | undefined {
  for (const mapping of mappings) {
    const found = applied(mapping, value);
    if (found) return found;
  }
  return undefined;
}

function applied(mapping: ValueMapping, value: Value): Mapped | undefined {
  switch (mapping.type) {
    case 'value':
      return value === null ? undefined : mapping.options[String(value)];
    case 'range': {
      const { from, to, result } = mapping.options;
      const inside = typeof value === 'number' && value >= (from ?? -Infinity) && value <= (to ?? Infinity);
      return inside ? result : undefined;
    }
    case 'regex':
      return typeof value === 'string' ? byPattern(mapping.options, value) : undefined;
    case 'special':
      return isSpecial(mapping.options.match, value) ? mapping.options.result : undefined;
  }
}

/** The pattern stands between slashes; the text may hold `$1`. */
function byPattern(
  { pattern, result }: { pattern: string; result: Mapped },
  value: string,
): Mapped | undefined {
  const [, source = pattern, flags = ''] = /^\/(.*)\/(\w*)$/u.exec(pattern) ?? [];
  const regex = new RegExp(source, flags);
  if (!regex.test(value)) return undefined;
  return result.text === undefined ? result : { ...result, text: value.replace(regex, result.text) };
}

function isSpecial(match: string, value: Value): boolean {
  const nan = typeof value === 'number' && Number.isNaN(value);
  switch (match) {
    case 'null':
      return value === null;
    case 'nan':
      return nan;
    case 'null+nan':
      return value === null || nan;
    case 'empty':
      return value === '';
    default:
      return String(value) === match;
  }
}

/** The panel's fields of numbers with their places, over all frames. */
export function numberFields<F extends { readonly fields: readonly Field[] }>(
  frames: readonly F[],
): { readonly frame: F; readonly field: NumberField; readonly index: number }[] {
  return frames
    .flatMap((frame) =>
      frame.fields.filter((field) => field.type === 'number').map((field) => ({ frame, field })),
    )
    .map((found, index) => ({ ...found, index }));
}

export function timeField(frame: { readonly fields: readonly Field[] }): TimeField | undefined {
  return frame.fields.find((field) => field.type === 'time');
}

import type { DashboardPanel, FieldConfig, Override } from '#local/page/dashboards/dashboard-schema.ts';
import type { Field, Frame } from '#local/page/dashboards/frame.ts';

/** Gives each field the panel's defaults and the overrides that match it. Throws for an override that is not known. */
export function configure(
  frames: readonly Frame[],
  { defaults, overrides }: DashboardPanel['fieldConfig'],
): readonly Frame[] {
  const unknown = overrides.flatMap((override) => override.unknown);
  if (unknown.length > 0) {
    throw new Error(`overrides: expected properties that can be drawn, got ${unknown.join(', ')}`);
  }
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      const matching = overrides.filter(({ matcher }) => matches(matcher, field, frame));
      const config = matching.reduce(withOverride, { ...defaults });
      const displayName = displayNameOf(
        config,
        field,
        matching.some(({ set }) => set.displayName !== undefined),
      );
      if (field.type !== 'frame') return { ...field, config, displayName };
      const values = field.values.map((inner) => inner && withConfig(inner, config));
      return { ...field, config, displayName, values };
    }),
  }));
}

/** A sparkline in a cell looks as its column says. */
function withConfig(frame: Frame, config: FieldConfig): Frame {
  return { ...frame, fields: frame.fields.map((field) => ({ ...field, config })) };
}

function withOverride(config: FieldConfig, { set, custom }: Override): FieldConfig {
  return { ...config, ...set, custom: { ...config.custom, ...custom } };
}

/** Renaming by a transformation is stronger than the panel's default, and weaker than an override. */
function displayNameOf(config: FieldConfig, field: Field, overridden: boolean): string {
  const template = config.displayName ?? '';
  const isDefaultOnly =
    !overridden && field.displayName !== field.name && Object.keys(field.labels).length === 0;
  if (template === '' || isDefaultOnly) return field.displayName;
  return template.replaceAll(
    /\$\{__field\.(name|displayName|labels\.(\w+))\}/g,
    (_, what: string, label?: string) => {
      if (what === 'name') return field.name;
      return label === undefined ? field.displayName : (field.labels[label] ?? '');
    },
  );
}

function matches({ id, options }: Override['matcher'], field: Field, frame: Frame): boolean {
  switch (id) {
    case 'byName':
      return options === field.name || options === field.displayName;
    case 'byRegexp':
      return toRegExp(String(options)).test(field.displayName);
    case 'byType':
      return options === field.type;
    case 'byFrameRefID':
      return options === frame.refId;
    default:
      throw new Error(`overrides: expected byName, byRegexp, byType or byFrameRefID, got "${id}"`);
  }
}

/** `/pattern/flags`, or a pattern of the whole text without slashes. */
function toRegExp(text: string): RegExp {
  const [, pattern, flags] = /^\/(.*)\/([gimsuy]*)$/s.exec(text) ?? [];
  return pattern === undefined ? new RegExp(`^${text}$`) : new RegExp(pattern, flags?.replace('g', ''));
}

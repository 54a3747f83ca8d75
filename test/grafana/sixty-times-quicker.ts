import { parse, stringify } from 'yaml';

const FACTOR = 60;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Where Prometheus's files have times of their own; those in expressions are in brackets or after `offset`. */
const TIMES = new Set(['for', 'interval', 'group_wait', 'group_interval', 'repeat_interval']);

/** The same rules or routes, with minutes as seconds: thresholds, which are of the data, stay what they are. */
export function sixtyTimesQuicker(yaml: string): string {
  const quick: unknown = parse(yaml, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (TIMES.has(String(key))) return quicker(value);
    if (key !== 'expr') return value;
    return value.replaceAll(/\[[^\]]*\]|offset \d+\w+/g, (times) =>
      times.replaceAll(/\d+(?:ms|[smhd])/g, quicker),
    );
  });
  return stringify(quick, { lineWidth: 0 });
}

function quicker(duration: string): string {
  const [, count = '', unit = ''] = /^(\d+)(ms|[smhd])$/.exec(duration) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) throw new Error(`expected a duration like 5m, got ${duration}`);
  return `${Math.round((Number(count) * unitMs) / FACTOR)}ms`;
}

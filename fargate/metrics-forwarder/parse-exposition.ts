/** A line of the exposition; its value as JavaScript writes numbers. */
interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface Exposition {
  readonly samples: readonly ExposedSample[];
  /** Lines that are none of the format, as they are. */
  readonly unreadable: readonly string[];
}

/**
 * Prometheus' text format, without timestamps, which no program of ours writes.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 *
 * Written by hand: what npm has for it groups the lines into families, which would be taken apart again here, and gives
 * no account of what it can't read.
 */
export function parseExposition(text: string): Exposition {
  const samples: ExposedSample[] = [];
  const unreadable: string[] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const sample = parseLine(trimmed);
    if (sample) samples.push(sample);
    else unreadable.push(line);
  }
  return { samples, unreadable };
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)$/s;
/** One label with the comma before the next, from where the one before it ended. */
const LABEL = /\s*([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"\s*(,|$)/sy;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

function parseLine(line: string): ExposedSample | undefined {
  const [, name, labelText = '', valueText = ''] = LINE.exec(line) ?? [];
  const labels = parseLabels(labelText);
  const value = parseValue(valueText);
  return name === undefined || labels === undefined || value === undefined
    ? undefined
    : { name, labels, value };
}

function parseLabels(text: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined || name in labels) return undefined;
    labels[name] = value.replace(/\\(.)/gs, (whole, char: string) => ESCAPED[char] ?? whole);
  }
  return labels;
}

const INFINITE: Readonly<Record<string, string>> = {
  '+inf': 'Infinity',
  inf: 'Infinity',
  '-inf': '-Infinity',
};

function parseValue(text: string): string | undefined {
  const word = text.toLowerCase();
  if (word === 'nan') return 'NaN';
  if (INFINITE[word] !== undefined) return INFINITE[word];
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word) ? text : undefined;
}

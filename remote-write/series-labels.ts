import { Buffer } from 'node:buffer';

/** One series' identity, with its labels already encoded, for a caller that keeps it and sends it again. */
export interface SeriesLabels {
  /** Sorted by name, as remote write demands. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** The `labels` fields of a TimeSeries message. */
  readonly bytes: Uint8Array;
  /** Tells series apart: no two label sets share one. */
  readonly key: string;
}

export function seriesLabels(labels: Readonly<Record<string, string>>): SeriesLabels {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    pairs,
    bytes: Buffer.concat(pairs.map(([name, value]) => labelField(name, value))),
    key: pairs.flat().join('\u0000'),
  };
}

/** Field 1 of TimeSeries: a Label of name (1) and value (2), both strings. */
function labelField(name: string, value: string): Uint8Array {
  const label = Buffer.concat([stringField(1, name), stringField(2, value)]);
  return Buffer.concat([lengthPrefix(1, label.length), label]);
}

function stringField(field: number, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([lengthPrefix(field, bytes.length), bytes]);
}

/** Tag of a length-delimited field and the length as a varint. */
function lengthPrefix(field: number, length: number): Uint8Array {
  const bytes = [(field << 3) | 2];
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) {
      bytes.push(rest);
      return Uint8Array.from(bytes);
    }
    bytes.push((rest & 0x7f) | 0x80);
  }
}

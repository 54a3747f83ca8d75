import protobuf from 'protobufjs';
import { uncompress } from 'snappyjs';

/** One sample as the receiver's protocol spells it, labels in the order of the bytes. */
export interface ReceivedSeries {
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly samples: readonly { readonly timestampMs: number; readonly value: number }[];
}

/** The reader's own idea of the format, from the specification; shares nothing with the encoder. */
const PROTO = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
`;
const WriteRequest = protobuf.parse(PROTO).root.lookupType('WriteRequest');

export function readWriteRequest(compressed: Uint8Array): readonly ReceivedSeries[] {
  return readUncompressed(uncompress(new Uint8Array(compressed)));
}

export function readUncompressed(bytes: Uint8Array): readonly ReceivedSeries[] {
  const message = WriteRequest.toObject(WriteRequest.decode(bytes), {
    longs: Number,
    defaults: true,
    arrays: true,
  });
  // The shape is that of the text above.
  const { timeseries } = message as {
    timeseries: {
      labels: { name: string; value: string }[];
      samples: { value: number; timestamp: number }[];
    }[];
  };
  return timeseries.map(({ labels, samples }) => ({
    labels: labels.map(({ name, value }) => [name, value] as const),
    samples: samples.map(({ value, timestamp }) => ({ value, timestampMs: timestamp })),
  }));
}

/** `name{stage}` or `name` of a series, with its symbol. */
export function nameOf({ labels }: ReceivedSeries): string {
  const { __name__, stage, symbol } = Object.fromEntries(labels);
  return `${stage === undefined ? __name__ : `${__name__}{${stage}}`} ${symbol}`;
}

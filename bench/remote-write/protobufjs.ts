import { createRequire } from 'node:module';
import { compress } from 'snappyjs';
import { peerVersion, readCase, report, requirePeer, startClocks, variable } from '#bench/run/contestant.ts';
import { countedByReceiver } from './counted.ts';
import { labelsOf, SERIES_PER_REQUEST, timeOf, valueOf } from './samples.ts';

// as much of the packages' types as is used here
const protobuf = requirePeer('protobufjs') as {
  parse(text: string): { readonly root: { lookupType(name: string): MessageType } };
};

/** By its argument the native module, or the one in JavaScript, which is also ours for what is not usual. */
const native = process.argv[2] === 'native';
const snappy = native ? (requirePeer('snappy') as { compressSync: typeof compress }) : undefined;

interface MessageType {
  encode(message: object): { finish(): Uint8Array };
}

const PROTO = `
syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
`;

const { series, rounds, warmUp } = readCase('series', 'rounds', 'warmUp');
const url = `${variable('BENCH_RECEIVER')}/api/v1/write`;
const headers = {
  'content-encoding': 'snappy',
  'content-type': 'application/x-protobuf',
  'x-prometheus-remote-write-version': '0.1.0',
};

let elapsed = startClocks();
const WriteRequest = protobuf.parse(PROTO).root.lookupType('WriteRequest');
const known = Array.from({ length: series }, (_, one) =>
  Object.entries(labelsOf(one)).map(([name, value]) => ({ name, value })),
);
for (let round = 0; round < warmUp + rounds; round += 1) {
  if (round === warmUp) elapsed = startClocks();
  for (let from = 0; from < series; from += SERIES_PER_REQUEST) {
    const timeseries = known.slice(from, from + SERIES_PER_REQUEST).map((labels, index) => ({
      labels,
      samples: [{ value: Number(valueOf(from + index, round)), timestamp: timeOf(round) }],
    }));
    const body = new Uint8Array(compressBody(WriteRequest.encode({ timeseries }).finish()));
    const answer = await fetch(url, { method: 'POST', headers, body });
    await answer.text();
    if (!answer.ok) throw new Error(`expected 204, got ${answer.status}`);
  }
}
const took = elapsed();
const version = `${peerVersion('protobufjs')}, ${native ? peerVersion('snappy') : snappyjsVersion()}`;
report({ counts: await countedByReceiver(), version, ...took });

function compressBody(bytes: Uint8Array): Uint8Array {
  return snappy === undefined ? compress(bytes) : snappy.compressSync(bytes);
}

/** One of the project's own packages, and no peer. */
function snappyjsVersion(): string {
  const own = createRequire(import.meta.url)('snappyjs/package.json') as { readonly version: string };
  return `snappyjs ${own.version}`;
}

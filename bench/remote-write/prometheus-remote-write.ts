import { peerVersion, readCase, report, requirePeer, startClocks, variable } from '#bench/run/contestant.ts';
import { countedByReceiver } from './counted.ts';
import { labelsOf, SERIES_PER_REQUEST, timeOf, valueOf } from './samples.ts';

// as much of the package's types as is used here
const { pushTimeseries } = requirePeer('prometheus-remote-write') as {
  readonly pushTimeseries: (
    timeseries: readonly {
      readonly labels: Readonly<Record<string, string>>;
      readonly samples: readonly { readonly value: number; readonly timestamp: number }[];
    }[],
    options: { readonly url: string; readonly fetch: typeof fetch },
  ) => Promise<{ readonly status: number; readonly errorMessage?: string }>;
};

const { series, rounds, warmUp } = readCase('series', 'rounds', 'warmUp');
const url = `${variable('BENCH_RECEIVER')}/api/v1/write`;

let elapsed = startClocks();
const known = Array.from({ length: series }, (_, one) => labelsOf(one));
for (let round = 0; round < warmUp + rounds; round += 1) {
  if (round === warmUp) elapsed = startClocks();
  for (let from = 0; from < series; from += SERIES_PER_REQUEST) {
    const timeseries = known.slice(from, from + SERIES_PER_REQUEST).map((labels, index) => ({
      labels,
      samples: [{ value: Number(valueOf(from + index, round)), timestamp: timeOf(round) }],
    }));
    const { status, errorMessage } = await pushTimeseries(timeseries, { url, fetch });
    if (status !== 204) throw new Error(`expected 204, got ${status} ${errorMessage}`);
  }
}
const took = elapsed();
report({ counts: await countedByReceiver(), version: peerVersion('prometheus-remote-write'), ...took });

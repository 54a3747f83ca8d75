import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { deliver } from '#remote-write/deliver.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { Sample } from '#remote-write/sample.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { splitRequests } from '#remote-write/split-requests.ts';
import { countedByReceiver } from './counted.ts';
import { labelsOf, SERIES_PER_REQUEST, timeOf, valueOf } from './samples.ts';

const { series, rounds, warmUp } = readCase('series', 'rounds', 'warmUp');
const url = new URL(`${variable('BENCH_RECEIVER')}/api/v1/write`);
const ports = {
  ...createRemoteWrite(url, { kind: 'none' }, 'bench'),
  now: Date.now,
  sleep: async () => undefined,
  random: Math.random,
};

let elapsed = startClocks();
const known = Array.from({ length: series }, (_, one) => seriesLabels(labelsOf(one)));
for (let round = 0; round < warmUp + rounds; round += 1) {
  if (round === warmUp) elapsed = startClocks();
  for (let from = 0; from < series; from += SERIES_PER_REQUEST) {
    const samples = known
      .slice(from, from + SERIES_PER_REQUEST)
      .map((labels, index) => new Sample(labels, timeOf(round), valueOf(from + index, round)));
    const { gaveUp } = await deliver(
      splitRequests(groupBySeries(samples).samples),
      Date.now() + 60_000,
      ports,
    );
    if (gaveUp !== undefined) throw new Error(gaveUp);
  }
}
const took = elapsed();
report({ counts: await countedByReceiver(), ...took });

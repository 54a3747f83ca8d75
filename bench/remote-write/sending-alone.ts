import { readCase, report, startClocks, variable } from '#bench/run/contestant.ts';
import { compressWriteRequest } from '#remote-write/compress-write-request.ts';
import { groupBySeries } from '#remote-write/group-by-series.ts';
import { createRemoteWrite } from '#remote-write/remote-write.ts';
import { seriesLabels } from '#remote-write/series-labels.ts';
import { countedByReceiver } from './counted.ts';
import { labelsOf, SERIES_PER_REQUEST, timeOf, valueOf } from './samples.ts';

// The first round's requests again and again, made beforehand: nothing is encoded, compressed or told apart.
const { series, rounds, warmUp } = readCase('series', 'rounds', 'warmUp');
const { send } = createRemoteWrite(
  new URL(`${variable('BENCH_RECEIVER')}/api/v1/write`),
  { kind: 'none' },
  'bench',
);
const bodies = Array.from({ length: Math.ceil(series / SERIES_PER_REQUEST) }, (_, request) =>
  bodyOf(request),
);

let elapsed = startClocks();
for (let round = 0; round < warmUp + rounds; round += 1) {
  if (round === warmUp) elapsed = startClocks();
  for (const body of bodies) {
    const { kind } = await send(body, 60_000);
    if (kind !== 'stored') throw new Error(`expected stored, got ${kind}`);
  }
}
const took = elapsed();
report({ counts: await countedByReceiver(), ...took });

function bodyOf(request: number): Uint8Array {
  const from = request * SERIES_PER_REQUEST;
  const samples = Array.from({ length: Math.min(SERIES_PER_REQUEST, series - from) }, (_, index) => ({
    labels: seriesLabels(labelsOf(from + index)),
    timestampMs: timeOf(0),
    value: valueOf(from + index, 0),
  }));
  return compressWriteRequest(groupBySeries(samples).samples);
}

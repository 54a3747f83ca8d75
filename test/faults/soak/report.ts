import type { Happened, SoakOptions, SoakResult } from './soak.ts';

/** What is not as promised, a line each; none means that the soak was passed. */
export function problemsOf({ kafka, metrics, faults }: SoakResult): readonly string[] {
  const unexplained = metrics.absent.slice(metrics.counted);
  return [
    ...(kafka.closed > 0 && metrics.compared > 0 ? [] : ['no candle was compared']),
    ...(faults.length > 0 ? [] : ['no fault happened']),
    ...kafka.lost.map((name) => `not in Kafka: ${name}`),
    ...kafka.wrong.map((name) => `in Kafka with other values: ${name}`),
    ...kafka.invented.map((name) => `in Kafka, and never closed: ${name}`),
    ...kafka.inversions.map((name) => `out of order in Kafka, and not marked: ${name}`),
    ...unexplained.map((name) => `not in the metrics store, and not counted as too old: ${name}`),
    ...metrics.wrong.map((name) => `in the metrics store with another value: ${name}`),
    ...faults
      .filter(({ recoveredMs }) => recoveredMs === undefined)
      .map(
        ({ kind, fromMs }) =>
          `never recovered from: ${kind}, begun ${Math.round(fromMs / 1000)} s after the start`,
      ),
  ];
}

type Settings = Pick<SoakOptions, 'minutes' | 'symbols' | 'speed' | 'seed'>;

/** The whole result, for programs. */
export function jsonReport(settings: Settings, result: SoakResult): string {
  return `${JSON.stringify({ ...settings, passed: problemsOf(result).length === 0, ...result }, undefined, 2)}\n`;
}

export function markdownReport({ minutes, symbols, speed, seed }: Settings, result: SoakResult): string {
  const { kafka, metrics, faults, memory } = result;
  const problems = problemsOf(result);
  return `# Soak: ${problems.length === 0 ? 'nothing lost' : `${problems.length} problems`}

${symbols} symbols for ${minutes} minutes at ${speed} times the clock's pace, one broker, ${faults.length} faults, seed ${seed}.

| store | candles closed | lost | more than once | other values | out of order, unmarked |
|---|---|---|---|---|---|
| Kafka | ${kafka.closed} | ${kafka.lost.length} | ${kafka.duplicates} | ${kafka.wrong.length} | ${kafka.inversions.length} |
| metrics | ${metrics.compared} | ${metrics.absent.length} (${metrics.counted} counted as too old) | 0, as a store keeps one value a time | ${metrics.wrong.length} | – |

Recovery: from a fault's end until Kafka has every candle that had closed by then, and the metrics the newest of each symbol. Faults overlap, so one that ends while another lasts waits for that one too.

| fault | times | median | worst | worst, by the exchange's clock |
|---|---|---|---|---|
${[...Map.groupBy(faults, ({ kind }) => kind)]
  .toSorted(([a], [b]) => a.localeCompare(b))
  .map(
    ([kind, all]) =>
      `| ${kind} | ${all.length} | ${seconds(median(all))} | ${seconds(worst(all))} | ${seconds(worst(all), speed)} |`,
  )
  .join('\n')}

Node lets a heap grow before it collects it, so where a process is killed every few minutes the most says more than the slope.

| process | most memory | slope after its first three minutes |
|---|---|---|
${memory
  .map(
    ({ part, mostMb, slopeMbPerHour }) =>
      `| ${part} | ${mostMb} MB | ${slopeMbPerHour === undefined ? 'too few samples' : `${slopeMbPerHour.toFixed(1)} MB an hour`} |`,
  )
  .join('\n')}
${problems.length === 0 ? '' : `\n## Problems\n${problems.map((problem) => `- ${problem}`).join('\n')}\n`}`;
}

function sorted(faults: readonly Happened[]): readonly number[] {
  return faults.map(({ recoveredMs }) => recoveredMs ?? Number.POSITIVE_INFINITY).toSorted((a, b) => a - b);
}

function median(faults: readonly Happened[]): number | undefined {
  return finite(sorted(faults)[Math.floor((faults.length - 1) / 2)]);
}

function worst(faults: readonly Happened[]): number | undefined {
  return finite(sorted(faults).at(-1));
}

const seconds = (ms: number | undefined, speed = 1) =>
  ms === undefined ? 'never' : `${((ms * speed) / 1000).toFixed(1)} s`;

const finite = (value: number | undefined) => (value === Number.POSITIVE_INFINITY ? undefined : value);

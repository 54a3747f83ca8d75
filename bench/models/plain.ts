import { readCase, report, variable } from '#bench/run/contestant.ts';
import { copyOf } from './copy.ts';
import { runPlainSql } from './plain-sql.ts';

const { fromScratch } = readCase('fromScratch');
await using copy = await copyOf(variable('BENCH_PLAIN'));
const build = fromScratch === 1 ? await runPlainSql(copy.folder, 'build') : undefined;
const hour = await runPlainSql(copy.folder, 'hour');
await copy[Symbol.asyncDispose]();
report({
  counts: hour.counts,
  version: hour.version,
  wallSeconds: hour.seconds,
  cpuSeconds: hour.cpuSeconds,
  figures: {
    ...(build && { buildSeconds: build.seconds, buildCpuSeconds: build.cpuSeconds }),
    hourSeconds: hour.seconds,
    hourCpuSeconds: hour.cpuSeconds,
    hourEngineCpuSeconds: hour.cpuSeconds,
    hourCandleSeconds: hour.seconds,
  },
});

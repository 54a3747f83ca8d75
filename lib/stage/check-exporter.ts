import { holds, oneOf } from './problem.ts';
import type { Problem } from './problem.ts';
import type { StageSettings } from './stage.ts';
import { isSymbolSpec } from './symbols.ts';

const GIB = 1024;
const steps = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/**
 * Memory in MiB that Fargate offers with so many CPU units (1,024 are a vCPU).
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const MEMORY_OF_CPU: Readonly<Record<number, readonly number[]>> = {
  256: [512, GIB, 2 * GIB],
  512: steps(GIB, 4 * GIB, GIB),
  1024: steps(2 * GIB, 8 * GIB, GIB),
  2048: steps(4 * GIB, 16 * GIB, GIB),
  4096: steps(8 * GIB, 30 * GIB, GIB),
  8192: steps(16 * GIB, 60 * GIB, 4 * GIB),
  16384: steps(32 * GIB, 120 * GIB, 8 * GIB),
};

const PINNED_IMAGE = /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9][a-z0-9._-]*)+(:[\w.-]+)?@sha256:[0-9a-f]{64}$/;

export function checkExporter({ exporter }: Pick<StageSettings, 'exporter'>): readonly Problem[] {
  const { symbols, cpu, memoryMiB, image } = exporter;
  const memories = MEMORY_OF_CPU[cpu];
  return [
    ...holds(
      isSymbolSpec(symbols),
      'exporter.symbols',
      'a list like BTCUSDT,ETHUSDT or top:N or top:N:QUOTE or all:QUOTE',
      symbols,
    ),
    ...(memories === undefined
      ? oneOf('exporter.cpu', cpu, Object.keys(MEMORY_OF_CPU).map(Number), 'Fargate has these sizes')
      : oneOf(
          'exporter.memoryMiB',
          memoryMiB,
          memories,
          `Fargate offers these with ${cpu} CPU units, or take other exporter.cpu`,
        )),
    ...(image.from === 'registry'
      ? holds(
          PINNED_IMAGE.test(image.name),
          'exporter.image.name',
          'an image pinned by digest, as registry/repository@sha256:<64 hexadecimal digits>',
          image.name,
          'a tag can be moved to another image after it was looked at',
        )
      : []),
  ];
}

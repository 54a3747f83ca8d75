import type { ImageRecord } from './image-record.ts';

/** Lines on the image of a stage, the whole story with the first stage that has it. */
export function imageReport(
  hash: string,
  image: ImageRecord | undefined,
  earlierStage: string | undefined,
): readonly string[] {
  const name = `  image ${hash.slice(0, 12)}`;
  if (image === undefined) throw new Error(`expected ${hash} to be built or not, got no word of it`);
  if (image.kind === 'not built') return [`${name}: not built: ${image.file}: ${image.reason}`];
  if (earlierStage !== undefined) return [`${name}: ${image.id}, built once, for ${earlierStage}`];
  const { file, engine, base, id, seconds, ran } = image;
  return [
    `${name}: ${id}`,
    `    built and run in ${seconds} s: ${file}, by ${engine}`,
    `    from ${base}`,
    ...ran.map((line) => `    ran ${line}`),
  ];
}

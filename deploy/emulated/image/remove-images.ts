import { join } from 'node:path';
import { notedTags } from './image-record.ts';
import { openEngine } from './open-engine.ts';

/** What an engine keeps outside of the folder; the base that it pulled stays, as after any build. */
export async function removeImages(folder: string): Promise<void> {
  const tags = notedTags(folder);
  if (tags.length === 0) return;
  const engine = await openEngine(join(folder, 'engine'));
  if (typeof engine === 'string')
    throw new Error(`expected ${tags.join(', ')} to be removed, got: ${engine}`);
  for (const tag of tags) engine.remove(tag);
}

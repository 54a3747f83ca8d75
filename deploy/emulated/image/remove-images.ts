import { join } from 'node:path';
import { notedTags } from './image-record.ts';
import { openEngine } from './open-engine.ts';

/** What was built, or was being built when it was stopped, also what an engine keeps elsewhere. */
export async function removeImages(folder: string): Promise<void> {
  const tags = notedTags(folder);
  if (tags.length === 0) return;
  const engine = await openEngine(join(folder, 'engine'));
  if (typeof engine === 'string')
    throw new Error(`expected ${tags.join(', ')} to be removed, got: ${engine}`);
  await engine.remove(tags);
}

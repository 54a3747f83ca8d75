import { join } from 'node:path';
import { ROOT } from '#local/setup/folders.ts';
import { measureOnWarehouse } from './measured.ts';

// The archive loader as it is deployed, with what it does beside: CHECKSUMs, every row checked, holes looked for, a manifest.
await measureOnWarehouse(
  [process.execPath, join(ROOT, 'fargate', 'archive-loader', 'main.ts'), 'load'],
  'loader',
);

import { join } from 'node:path';
import { measureOnFile } from './measured.ts';

await measureOnFile([process.execPath, join(import.meta.dirname, 'load-by-duckdb.ts')]);

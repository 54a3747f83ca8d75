import { join } from 'node:path';
import { variable } from '#bench/run/contestant.ts';
import { measureOnWarehouse } from './measured.ts';

// write_pandas makes a stage for each file, which the loader's own role may not
await measureOnWarehouse([variable('BENCH_PYTHON'), join(import.meta.dirname, 'load_by_pandas.py')], 'admin');

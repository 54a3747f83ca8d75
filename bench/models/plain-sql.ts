import { join } from 'node:path';
import * as z from 'zod';
import { pythonTool } from '#local/setup/python.ts';
import { runCommand } from '#local/setup/run-command.ts';
import { databaseIn, hourIn } from './warehouse.ts';

/** The whole, or one hour more, by the SQL files in this folder; in the emulator's own DuckDB. */
export async function runPlainSql(folder: string, phase: 'build' | 'hour') {
  const program = join(import.meta.dirname, 'run_plain_sql.py');
  const args = [program, phase, databaseIn(folder), hourIn(folder)];
  const output = await runCommand(pythonTool('warehouse', 'python'), args);
  return tookSchema.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));
}

const tookSchema = z.object({
  counts: z.record(z.string(), z.number()),
  seconds: z.number(),
  cpuSeconds: z.number(),
  version: z.string(),
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pythonTool } from '#local/setup/python.ts';

/** What the guard says of the SQL in these folders; its last words are "all known to Snowflake" when it is content. */
export function refuseUnknownFunctions(folders: readonly string[]): Promise<string> {
  const guard = join(import.meta.dirname, 'unknown_functions.py');
  return new Promise((resolve) => {
    // it ends with 1 when it refuses something, and says what
    execFile(pythonTool('lint', 'python'), [guard, ...folders], (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

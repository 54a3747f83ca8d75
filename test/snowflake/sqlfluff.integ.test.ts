import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { pythonTool } from '#local/setup/python.ts';
import { setupStatements } from '#snowflake/setup-statements.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const CONFIG = join(ROOT, 'snowflake', '.sqlfluff');

test("every statement is Snowflake's, and the splitter and sqlfluff see the same ones", async () => {
  const parsed = await parse('snowflake');
  const expected = Map.groupBy(await setupStatements(undefined), ({ file }) => file);
  expect(parsed.map(({ filepath }) => filepath)).toEqual([...expected.keys()]);
  for (const { filepath, segments } of parsed) {
    const text = JSON.stringify(segments);
    expect(text).not.toContain('"unparsable"');
    expect(text.match(/"statement":/g)).toHaveLength(expected.get(filepath)?.length ?? 0);
  }
});

test('what is not is found', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'wrong.sql');
  await writeFile(file, 'SELECT 1;\nCREATE TABEL CRYPTO_MARKET.RAW.X (A NUMBER(38, 0));\n');
  expect(JSON.stringify(await parse(file))).toContain('"unparsable"');
});

interface Parsed {
  readonly filepath: string;
  readonly segments: unknown;
}

async function parse(path: string): Promise<readonly Parsed[]> {
  const args = ['parse', '--config', CONFIG, '--format', 'json', path];
  const run = promisify(execFile)(pythonTool('lint', 'sqlfluff'), args, { cwd: ROOT, maxBuffer: 64 << 20 });
  // it ends with 1 where it can't parse, and prints what it made of it all the same
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return JSON.parse(stdout) as readonly Parsed[]; // sqlfluff's own format
}

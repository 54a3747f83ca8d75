import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { warehouseEnvironment } from '#local/snowflake/environment.ts';
import { publicKeysOf, startEmulator } from '#test/local/start-emulator.ts';

test('it sets an empty account up, says what it did, and a second time goes over it', async () => {
  await using emulator = await startEmulator();
  const { loader, transformer, reader } = publicKeysOf(emulator);
  const env = {
    ...warehouseEnvironment(emulator.options, 'admin'),
    SNOWFLAKE_LOADER_PUBLIC_KEY: loader.key,
    SNOWFLAKE_LOADER_PUBLIC_KEY_2: loader.key,
    SNOWFLAKE_TRANSFORMER_PUBLIC_KEY: transformer.key,
    SNOWFLAKE_READER_PUBLIC_KEY: reader.key,
  };
  const dry = await run(env, '--dry-run');
  expect(dry.code).toBe(0);
  expect(dry.stdout).toMatch(/\n-- \d\d statements, none was sent\n$/);
  expect(dry.stderr).toBe(`they would go to ${emulator.url} as LOCAL_ADMIN\n`);
  await using admin = await connectAs(emulator.options, 'admin');
  const landed = 'select count(*) as n from crypto_market.raw.candles_stream';
  await expect(admin.execute(landed)).rejects.toThrow('does not exist');

  const first = await run(env);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const lines = first.stdout.trimEnd().split('\n');
  expect(lines[0]).toBe(`${emulator.url} as LOCAL_ADMIN`);
  expect(lines.at(-1)).toMatch(/^\d\d statements in \d+ ms$/);
  const reports = lines.slice(1, -1);
  expect(reports.length).toBe(Number(lines.at(-1)?.slice(0, 2)));
  expect(reports.filter((line) => !/^ok {5}snowflake\/\d{3}_\w+\.sql:\d+ .* \(\d+ ms\)$/.test(line))).toEqual(
    [],
  );
  expect(await admin.execute(landed)).toEqual([{ N: 0 }]);

  const second = await run(env);
  expect(second.code).toBe(0);
  expect(second.stdout.split('\n')).toHaveLength(first.stdout.split('\n').length);
});

test('without an account it names every variable that it needs, and runs nothing', async () => {
  const { code, stdout, stderr } = await run({});
  expect(code).toBe(1);
  expect(stdout).toBe('');
  for (const name of [
    'ACCOUNT',
    'USER',
    'LOADER_PUBLIC_KEY',
    'TRANSFORMER_PUBLIC_KEY',
    'READER_PUBLIC_KEY',
  ]) {
    expect(stderr).toContain(`SNOWFLAKE_${name}: expected`);
  }
});

test('a dry run without an account shows the statements with the names of the keys', async () => {
  const { code, stdout, stderr } = await run({}, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain("SET RSA_PUBLIC_KEY = '${loader_public_key}';");
  expect(stdout).toContain('CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.CANDLES_STREAM');
  expect(stderr).toContain('to send them, set\nSNOWFLAKE_ACCOUNT: expected');
});

async function run(variables: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { PATH: process.env['PATH'], ...variables };
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const program = join(ROOT, 'local', 'snowflake-apply.ts');
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

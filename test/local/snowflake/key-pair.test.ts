import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ROOT } from '#local/setup/folders.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

test('the key is made once, for its owner alone, and its parts belong together', async () => {
  await using folder = await temporaryFolder();
  const first = keyPairIn(folder.path);
  expect(keyPairIn(folder.path)).toEqual(first);
  expect(statSync(first.privateKeyFile).mode & 0o777).toBe(0o600);
  const key = Buffer.from(first.privateKey, 'base64');
  const read = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  expect(read.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(createPublicKey(read).equals(createPublicKey(first.publicKey))).toBe(true);
});

test('processes that ask at once end up with the same key', async () => {
  await using folder = await temporaryFolder();
  const module = join(ROOT, 'local', 'snowflake', 'key-pair.ts');
  const script = `import { keyPairIn } from '${module}'; console.log(keyPairIn('${folder.path}').privateKey);`;
  const ask = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  expect(readdirSync(join(folder.path, 'keys'))).toEqual(['warehouse.p8']);
});

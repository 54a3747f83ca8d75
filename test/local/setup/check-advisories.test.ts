import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHttpServer } from '#test/http-server.ts';

const SCRIPT = join(import.meta.dirname, '../../../local/setup/check-advisories.ts');
const ADVISORY = {
  id: 1,
  url: 'https://advisories.example/1',
  title: 'reads beyond the end',
  vulnerable_versions: '*',
};

test('an advisory of high severity on a deployed package fails, and names it', async () => {
  const { code, output } = await ask({ ws: [{ ...ADVISORY, severity: 'high' }] });
  expect(code).toBe(1);
  expect(output).toContain('ws (high): reads beyond the end, https://advisories.example/1');
});

test('one of moderate severity does not', async () => {
  const { code, output } = await ask({ ws: [{ ...ADVISORY, severity: 'moderate' }] });
  expect(code, output).toBe(0);
  expect(output).toMatch(/^[1-9]\d+ packages asked for, 0 with an advisory/);
});

test('a registry that does not answer is neither good nor bad, and says so', async () => {
  const { code, output } = await ask(undefined);
  expect(code).toBe(3);
  expect(output).toContain('the registry does not say whether there are advisories: 405');
});

/** Of a registry that knows these advisories, or has no such service. */
async function ask(advisories: unknown) {
  await using registry = await startHttpServer(({ method }, response) => {
    if (method === 'GET') response.writeHead(404).end();
    else if (advisories === undefined) response.writeHead(405).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
  });
  // npm remembers what it once was told of an advisory
  await using cache = await mkdtempDisposable(join(tmpdir(), 'crypto-market-npm-'));
  const child = spawn(process.execPath, [SCRIPT], {
    env: {
      ...process.env,
      npm_config_registry: registry.url,
      npm_config_cache: cache.path,
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  expect(registry.requests).not.toEqual([]);
  return { code, output };
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import { startFakeGrafana } from './fake-grafana.ts';
import type { FakeGrafana } from './fake-grafana.ts';

const TOKEN = 'glsa_of_a_person';

test('makes folder and dashboards on the only Prometheus there is, and the second time changes them alone', async () => {
  await using grafana = await startWithSources('metrics');
  const first = await push(grafana);
  expect(first.stdout).toContain('dashboards in folder Crypto market, on data source metrics');
  expect(first.stdout).toContain(`${grafana.url}/d/crypto-market-live`);
  expect([...grafana.dashboards.keys()]).toEqual(GENERATED_DASHBOARDS.map(({ uid }) => uid));
  await push(grafana, '--folder', 'Markets');
  expect([...grafana.dashboards.values()].map(({ version }) => version)).toEqual(
    GENERATED_DASHBOARDS.map(() => 2),
  );
  expect([...grafana.folders]).toEqual([['crypto-market', { title: 'Markets', version: 2 }]]);
  expect([grafana.dataSources.size, grafana.contactPoints.size, grafana.unknown]).toEqual([1, 0, []]);
});

test('asks which Prometheus where there are several, and takes a name or a UID', async () => {
  await using grafana = await startWithSources('metrics', 'other');
  await expect(push(grafana)).rejects.toMatchObject({
    stderr: expect.stringContaining('got metrics, other: choose with --datasource'),
  });
  await expect(push(grafana, '--datasource', 'thrid')).rejects.toMatchObject({
    stderr: expect.stringContaining('(metrics, other), got thrid'),
  });
  for (const wanted of ['other', 'uid-other']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await push(grafana, '--datasource', wanted);
    for (const { dashboard } of grafana.dashboards.values()) {
      expect(dashboard.templating.list[0]).toMatchObject({ current: { value: 'uid-other' } });
    }
  }
});

test('says what to do without a data source, with a token that is refused, and with an address that is none', async () => {
  await using grafana = await startWithSources();
  await expect(push(grafana)).rejects.toMatchObject({
    stderr: expect.stringContaining('add one in Grafana'),
  });
  grafana.tokens.clear();
  await expect(push(grafana)).rejects.toMatchObject({
    stderr:
      'GET /api/datasources answered 401: Invalid API key: expected a valid token, made in Grafana under Administration, Service accounts\n',
  });
  await expect(run('--url', 'grafana')).rejects.toMatchObject({
    stderr: expect.stringContaining('begins with http:// or https://'),
  });
  expect((await run('--help')).stdout).toContain('GRAFANA_TOKEN');
});

async function startWithSources(...names: readonly string[]): Promise<FakeGrafana> {
  const grafana = await startFakeGrafana();
  grafana.tokens.set(TOKEN, Infinity);
  for (const name of names) {
    const uid = `uid-${name}`;
    const type = 'prometheus';
    grafana.dataSources.set(uid, { uid, name, type, access: 'proxy', isDefault: false, jsonData: {} });
  }
  return grafana;
}

function push(grafana: FakeGrafana, ...more: readonly string[]) {
  return run('--url', grafana.url, ...more);
}

async function run(...args: readonly string[]) {
  const script = join(import.meta.dirname, '../../deploy/dashboards-push.ts');
  return promisify(execFile)(process.execPath, [script, ...args], {
    env: { ...process.env, GRAFANA_TOKEN: TOKEN },
  });
}

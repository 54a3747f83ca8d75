import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GENERATED_DASHBOARDS } from '#grafana/provision/generated-dashboards.ts';
import { CREATE, DELETE, PHYSICAL_ID, PROPERTIES, startStand, UPDATE } from './stand.ts';

let stand: Awaited<ReturnType<typeof startStand>>;

beforeEach(async () => {
  stand = await startStand();
});

afterEach(async () => {
  const { grafana, workspace, said } = stand;
  for (const token of workspace.lent) expect(said()).not.toContain(token);
  expect({ grafana: grafana.unknown, workspace: workspace.unknown }).toEqual({ grafana: [], workspace: [] });
  await stand[Symbol.asyncDispose]();
});

describe('a new workspace', () => {
  test('gets data sources, folder, dashboards and contact point, and keeps neither token nor account', async () => {
    const { grafana, workspace } = stand;
    expect(await stand.handle(CREATE)).toEqual({ PhysicalResourceId: PHYSICAL_ID });
    expect([...grafana.dataSources.values()]).toEqual([
      expect.objectContaining({
        uid: 'crypto-market-metrics',
        type: 'grafana-amazonprometheus-datasource',
        url: PROPERTIES.prometheusUrl,
        jsonData: expect.objectContaining({ sigV4Auth: true, sigV4Region: 'ap-northeast-1' }),
      }),
      expect.objectContaining({ uid: 'crypto-market-cloudwatch', type: 'cloudwatch' }),
    ]);
    expect(GENERATED_DASHBOARDS.length).toBeGreaterThan(1);
    expect([...grafana.dashboards.keys()]).toEqual(GENERATED_DASHBOARDS.map(({ uid }) => uid));
    for (const { folderUid, dashboard } of grafana.dashboards.values()) {
      expect(folderUid).toBe('crypto-market');
      expect(dashboard.templating.list[0]).toMatchObject({
        type: 'datasource',
        query: 'grafana-amazonprometheus-datasource',
        current: { value: 'crypto-market-metrics' },
      });
    }
    expect([...grafana.contactPoints.values()]).toMatchObject([
      { type: 'sns', settings: { topic_arn: PROPERTIES.alarmTopicArn } },
    ]);
    expect(workspace.lent).toHaveLength(1);
    expect({ accounts: workspace.accounts.size, tokens: grafana.tokens.size }).toEqual({
      accounts: 0,
      tokens: 0,
    });
  });

  test('of Grafana 10 is given the data source that still signs there, and no plugin', async () => {
    const { grafana, workspace } = stand;
    workspace.description = { ...workspace.description, grafanaVersion: '10.4' };
    await stand.handle(CREATE);
    expect(grafana.dataSources.get('crypto-market-metrics')?.type).toBe('prometheus');
    expect(grafana.answered.filter((line) => line.includes('/api/plugins/'))).toEqual([]);
  });

  test('that is not there fails the deployment by name', async () => {
    stand.workspace.description = undefined;
    await expect(stand.handle(CREATE)).rejects.toThrow('expected workspace g-0123456789, found none');
  });
});

describe('a second run', () => {
  test('leaves one of each, and undoes what was changed by hand', async () => {
    const { grafana } = stand;
    await stand.handle(CREATE);
    const [uid = ''] = grafana.dashboards.keys();
    const saved = grafana.dashboards.get(uid);
    if (!saved) throw new Error('expected a dashboard');
    grafana.dashboards.set(uid, {
      ...saved,
      version: 7,
      dashboard: { ...saved.dashboard, title: 'by hand' },
    });
    grafana.folders.set('crypto-market', { title: 'renamed', version: 3 });
    const before = contents();
    await stand.handle(UPDATE);
    expect(contents()).toEqual(before);
    expect(grafana.dashboards.get(uid)).toMatchObject({
      version: 8,
      dashboard: { title: saved.dashboard.title },
    });
    expect(grafana.folders.get('crypto-market')).toMatchObject({ title: 'Crypto market' });
  });

  test('removes a dashboard that is no longer among ours, and none that people made', async () => {
    const { grafana } = stand;
    await stand.handle(CREATE);
    const [model] = grafana.dashboards.values();
    if (!model) throw new Error('expected a dashboard');
    for (const uid of ['ours-once', 'theirs']) grafana.dashboards.set(uid, model);
    await stand.handle({
      ...UPDATE,
      OldResourceProperties: { ...PROPERTIES, dashboardUids: [...PROPERTIES.dashboardUids, 'ours-once'] },
    });
    expect(contents().dashboards).toEqual([...PROPERTIES.dashboardUids, 'theirs']);
  });
});

describe('a run that fails in the middle', () => {
  test('F1 a run that fails at any request names it, takes the token back, and is made good by the next, with one of each', async () => {
    await stand.handle(CREATE);
    const wanted = contents();
    const asked = requestsOf(stand);
    // plugin, two data sources, folder, dashboards, contact points, each looked for and made; five of the workspace
    expect(asked.length).toBeGreaterThanOrEqual(15);
    for (const request of asked) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, to name the one that fails
      await failAt(request, wanted);
    }
  });

  test('for a moment goes on by itself', async () => {
    const { grafana } = stand;
    const left = [500, 503, 429];
    grafana.interfere = (request) => {
      const status = request === 'POST /api/dashboards/db' ? left.shift() : undefined;
      return status === undefined ? undefined : { status, body: { message: 'not now' } };
    };
    await stand.handle(CREATE);
    expect(left).toEqual([]);
    expect(contents().dashboards).toEqual(PROPERTIES.dashboardUids);
  });

  test('does not mind that the answer to what it made was lost', async () => {
    const { grafana } = stand;
    const lost = new Set<string>();
    grafana.loses = (request) => request.startsWith('POST') && lost.size !== lost.add(request).size;
    await stand.handle(CREATE);
    expect(lost.size).toBeGreaterThan(3);
    expect(contents().dashboards).toEqual(PROPERTIES.dashboardUids);
  });

  test('stops at its deadline, names the request it had no time for, and takes the token back', async () => {
    const { grafana } = stand;
    const deadline = new AbortController();
    grafana.interfere = (request) => {
      if (request !== 'POST /api/folders') return undefined;
      deadline.abort(new Error('late'));
      return { status: 503, body: { message: 'busy' } };
    };
    await expect(stand.handle(CREATE, deadline.signal)).rejects.toThrow('no time left for POST /api/folders');
    expect(held(stand)).toEqual({ accounts: 0, tokens: 0 });
  });
});

describe('deletion', () => {
  test('removes what was made and leaves what people made, with the folder it is in', async () => {
    const { grafana } = stand;
    await stand.handle(CREATE);
    const [model] = grafana.dashboards.values();
    if (!model) throw new Error('expected a dashboard');
    grafana.dashboards.set('theirs', model);
    expect(await stand.handle(DELETE)).toEqual({ PhysicalResourceId: PHYSICAL_ID });
    expect(contents()).toEqual({
      dataSources: [],
      folders: ['crypto-market'],
      dashboards: ['theirs'],
      contactPoints: [],
    });
    grafana.dashboards.clear();
    await stand.handle(DELETE);
    expect(contents().folders).toEqual([]);
    expect(held(stand)).toEqual({ accounts: 0, tokens: 0 });
  });

  test('succeeds when the workspace is gone, going, or was never finished', async () => {
    const { workspace, lines } = stand;
    for (const description of [undefined, { ...workspace.description, status: 'DELETING' }, {}]) {
      workspace.description = description;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await stand.handle(DELETE)).toEqual({ PhysicalResourceId: PHYSICAL_ID });
    }
    expect(lines.map(({ event }) => event)).toEqual(['workspace-gone', 'workspace-gone', 'workspace-gone']);
    expect(workspace.lent).toEqual([]);
  });

  test('succeeds and says what stays when Grafana refuses a step, and goes on with the others', async () => {
    const { grafana, lines } = stand;
    await stand.handle(CREATE);
    grafana.interfere = (request) =>
      request.startsWith('DELETE /api/v1/')
        ? { status: 409, body: { message: 'used by a notification policy' } }
        : undefined;
    await stand.handle(DELETE);
    expect(lines.at(-1)).toMatchObject({
      level: 'warn',
      event: 'left-behind',
      facts: { reason: expect.stringContaining('used by a notification policy') },
    });
    expect(contents()).toMatchObject({ dataSources: [], dashboards: [], folders: [] });
  });

  test('succeeds when no token is to be had', async () => {
    stand.workspace.interfere = (request) =>
      request.startsWith('POST') ? { status: 403, body: { message: 'not allowed' } } : undefined;
    expect(await stand.handle(DELETE)).toEqual({ PhysicalResourceId: PHYSICAL_ID });
    expect(stand.lines).toMatchObject([{ level: 'warn', event: 'left-behind' }]);
  });
});

test('a property that the function does not know what to do without is refused by name', async () => {
  const { prometheusUrl: _, ...rest } = PROPERTIES;
  await expect(stand.handle({ ...CREATE, ResourceProperties: rest })).rejects.toThrow(/prometheusUrl/);
});

async function failAt(request: string, wanted: unknown): Promise<void> {
  await using broken = await startStand();
  for (const api of [broken.grafana, broken.workspace]) {
    api.interfere = (asked) => (asked === request ? { status: 500, body: { message: 'broken' } } : undefined);
  }
  const reason = request.includes(' /api/') ? `${request} answered 500: broken` : 'broken';
  await expect(broken.handle(CREATE), request).rejects.toThrow(reason);
  // one of the two deletions ends the token; without the other, the account is left to the next run
  expect(broken.grafana.tokens.size, request).toBe(0);
  const accountStays = /^DELETE .*\/serviceaccounts\/\d+$/.test(request);
  expect(broken.workspace.accounts.size, request).toBe(accountStays ? 1 : 0);
  broken.grafana.interfere = broken.workspace.interfere = () => undefined;
  await broken.handle(CREATE);
  expect(contents(broken), request).toEqual(wanted);
  expect(held(broken), request).toEqual({ accounts: 0, tokens: 0 });
  for (const token of broken.workspace.lent) expect(broken.said()).not.toContain(token);
}

function contents({ grafana }: Pick<typeof stand, 'grafana'> = stand) {
  const { dataSources, folders, dashboards, contactPoints } = grafana;
  return {
    dataSources: [...dataSources.keys()],
    folders: [...folders.keys()],
    dashboards: [...dashboards.keys()],
    contactPoints: [...contactPoints.keys()],
  };
}

function held({ grafana, workspace }: Pick<typeof stand, 'grafana' | 'workspace'>) {
  return { accounts: workspace.accounts.size, tokens: grafana.tokens.size };
}

function requestsOf({ grafana, workspace }: Pick<typeof stand, 'grafana' | 'workspace'>): readonly string[] {
  const lines = [...workspace.answered, ...grafana.answered].map((line) => line.replace(/ \d+$/, ''));
  return [...new Set(lines)];
}

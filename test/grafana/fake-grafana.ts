import { startStrictApi, withBody, withoutBody } from '#test/strict-api.ts';
import type { Reply, Route, StrictApi } from '#test/strict-api.ts';
import * as z from 'zod';

/** What a Grafana holds, by UID; strings are ids of plugins. */
interface GrafanaContents {
  readonly plugins: Set<string>;
  readonly dataSources: Map<string, z.infer<typeof dataSource>>;
  readonly folders: Map<string, { readonly title: string; readonly version: number }>;
  readonly dashboards: Map<
    string,
    { readonly folderUid: string; readonly version: number; readonly dashboard: Model }
  >;
  readonly contactPoints: Map<string, z.infer<typeof contactPoint>>;
}

export interface FakeGrafana extends StrictApi, GrafanaContents {
  /** Tokens that are taken, and until when. */
  readonly tokens: Map<string, number>;
}

type Model = z.infer<typeof saveDashboard>['dashboard'];

/**
 * Grafana's HTTP API as its documents describe it, so far as provisioning uses it, and stricter in two things: a field
 * that no document names is refused, and so is a data source whose plugin is not installed.
 */
export async function startFakeGrafana(now: () => number = Date.now): Promise<FakeGrafana> {
  const tokens = new Map<string, number>();
  const contents: GrafanaContents = {
    plugins: new Set(['prometheus', 'cloudwatch']),
    dataSources: new Map(),
    folders: new Map(),
    dashboards: new Map(),
    contactPoints: new Map(),
  };
  const api = await startStrictApi(
    [
      ...pluginRoutes(contents),
      ...dataSourceRoutes(contents),
      ...folderRoutes(contents),
      ...dashboardRoutes(contents),
      ...contactPointRoutes(contents),
    ],
    {
      refuse,
      authorize({ headers: { authorization } }) {
        const until = tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
        return until === undefined || until <= now() ? refuse(401, 'Invalid API key') : undefined;
      },
    },
  );
  return Object.assign(api, contents, { tokens });
}

function pluginRoutes({ plugins }: GrafanaContents): readonly Route[] {
  const installing = new Set<string>();
  return [
    withoutBody('GET', '/api/plugins/:id/settings', ({ params: { id = '' } }) => {
      // an installation is answered before the plugin is loaded
      if (installing.delete(id)) plugins.add(id);
      else if (plugins.has(id)) return ok({ id, type: 'datasource', enabled: true });
      return refuse(404, 'Plugin not found, no installed plugin with that id');
    }),
    withBody(
      'POST',
      '/api/plugins/:id/install',
      z.strictObject({ version: z.string().optional() }),
      ({ params: { id = '' } }) => {
        if (plugins.has(id)) return refuse(409, 'Plugin already installed');
        installing.add(id);
        return ok({});
      },
    ),
  ];
}

const uid = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/);

const dataSource = z.strictObject({
  uid,
  name: z.string().min(1),
  type: z.string(),
  access: z.literal('proxy'),
  url: z.url().optional(),
  isDefault: z.boolean(),
  jsonData: z.record(z.string(), z.unknown()),
});

function dataSourceRoutes({ dataSources, plugins }: GrafanaContents): readonly Route[] {
  const path = '/api/datasources/uid/:uid';
  const known = (id = '') => dataSources.get(id);
  const absent = refuse(404, 'Data source not found');
  const save = (given: z.infer<typeof dataSource>, message: string): Reply => {
    if (!plugins.has(given.type)) return refuse(400, `no plugin ${given.type}`);
    const other = [...dataSources.values()].find(({ name }) => name === given.name);
    if (other && other.uid !== given.uid) return refuse(409, 'data source with the same name already exists');
    dataSources.set(given.uid, given);
    return ok({ message, name: given.name, datasource: given });
  };
  return [
    withoutBody('GET', '/api/datasources', () => ok([...dataSources.values()])),
    withoutBody('GET', path, ({ params }) => (known(params['uid']) ? ok(known(params['uid'])) : absent)),
    withBody('POST', '/api/datasources', dataSource, ({ body }) =>
      known(body.uid)
        ? refuse(409, 'data source with the same uid already exists')
        : save(body, 'Datasource added'),
    ),
    withBody('PUT', path, dataSource, ({ params, body }) =>
      known(params['uid']) ? save({ ...body, uid: params['uid'] ?? '' }, 'Datasource updated') : absent,
    ),
    withoutBody('DELETE', path, ({ params: { uid: id = '' } }) =>
      dataSources.delete(id) ? ok({ message: 'Data source deleted' }) : absent,
    ),
  ];
}

function folderRoutes({ folders, dashboards }: GrafanaContents): readonly Route[] {
  const absent = refuse(404, 'folder not found');
  const show = (id: string) => ok({ uid: id, ...folders.get(id) });
  return [
    withoutBody('GET', '/api/folders/:uid', ({ params: { uid: id = '' } }) =>
      folders.has(id) ? show(id) : absent,
    ),
    withBody('POST', '/api/folders', z.strictObject({ uid, title: z.string().min(1) }), ({ body }) => {
      if (folders.has(body.uid)) return refuse(409, 'a folder with that uid already exists');
      folders.set(body.uid, { title: body.title, version: 1 });
      return show(body.uid);
    }),
    withBody(
      'PUT',
      '/api/folders/:uid',
      z.strictObject({
        title: z.string().min(1),
        version: z.int().optional(),
        overwrite: z.boolean().optional(),
      }),
      ({ params: { uid: id = '' }, body }) => {
        const before = folders.get(id);
        if (!before) return absent;
        if (!body.overwrite && body.version !== before.version) {
          return refuse(412, 'The folder has been changed by someone else');
        }
        folders.set(id, { title: body.title, version: before.version + 1 });
        return show(id);
      },
    ),
    withoutBody('DELETE', '/api/folders/:uid', ({ params: { uid: id = '' } }) => {
      if (!folders.delete(id)) return absent;
      for (const [dashboard, { folderUid }] of dashboards) if (folderUid === id) dashboards.delete(dashboard);
      return ok({ message: 'Folder deleted' });
    }),
    withoutBody('GET', '/api/search', ({ query }) => {
      const inside = [...dashboards].filter(([, { folderUid }]) => folderUid === query.get('folderUIDs'));
      return ok(inside.map(([id, { dashboard }]) => ({ uid: id, title: dashboard.title, type: 'dash-db' })));
    }),
  ];
}

const saveDashboard = z.strictObject({
  dashboard: z.looseObject({
    id: z.int().nullable(),
    uid,
    title: z.string().min(1),
    version: z.int().optional(),
    schemaVersion: z.int(),
    panels: z.array(z.looseObject({ id: z.int(), type: z.string() })),
    templating: z.object({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
  }),
  folderUid: z.string(),
  message: z.string().optional(),
  overwrite: z.boolean().optional(),
});

function dashboardRoutes({ dashboards, folders }: GrafanaContents): readonly Route[] {
  const absent = refuse(404, 'Dashboard not found');
  return [
    withBody('POST', '/api/dashboards/db', saveDashboard, ({ body: { dashboard, folderUid, overwrite } }) => {
      if (!folders.has(folderUid)) return refuse(400, 'folder not found');
      const before = dashboards.get(dashboard.uid);
      if (before && !overwrite && dashboard.version !== before.version) {
        const message = 'The dashboard has been changed by someone else';
        return { status: 412, body: { status: 'version-mismatch', message } };
      }
      const version = (before?.version ?? 0) + 1;
      dashboards.set(dashboard.uid, { folderUid, version, dashboard });
      return ok({ status: 'success', uid: dashboard.uid, url: `/d/${dashboard.uid}`, version });
    }),
    withoutBody('GET', '/api/dashboards/uid/:uid', ({ params: { uid: id = '' } }) => {
      const found = dashboards.get(id);
      return found ? ok({ dashboard: found.dashboard, meta: { version: found.version } }) : absent;
    }),
    withoutBody('DELETE', '/api/dashboards/uid/:uid', ({ params: { uid: id = '' } }) =>
      dashboards.delete(id) ? ok({ message: 'Dashboard deleted' }) : absent,
    ),
  ];
}

const contactPoint = z.strictObject({
  uid,
  name: z.string().min(1),
  type: z.literal('sns'),
  settings: z.strictObject({
    topic_arn: z.string().startsWith('arn:aws:sns:'),
    sigv4: z.strictObject({ region: z.string() }),
  }),
});

function contactPointRoutes({ contactPoints }: GrafanaContents): readonly Route[] {
  const path = '/api/v1/provisioning/contact-points';
  return [
    withoutBody('GET', path, () => ok([...contactPoints.values()])),
    withBody('POST', path, contactPoint, ({ body }) => {
      if (contactPoints.has(body.uid)) return refuse(409, 'a receiver with that uid already exists');
      contactPoints.set(body.uid, body);
      return accepted(body);
    }),
    withBody('PUT', `${path}/:uid`, contactPoint, ({ params: { uid: id = '' }, body }) => {
      if (!contactPoints.has(id)) return refuse(404, 'contact point not found');
      contactPoints.set(id, body);
      return accepted({ message: 'contactpoint updated' });
    }),
    withoutBody('DELETE', `${path}/:uid`, ({ params: { uid: id = '' } }) =>
      contactPoints.delete(id)
        ? accepted({ message: 'contactpoint deleted' })
        : refuse(404, 'contact point not found'),
    ),
  ];
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function refuse(status: number, message: string): Reply {
  return { status, body: { message } };
}

function accepted(body: unknown): Reply {
  return { status: 202, body };
}

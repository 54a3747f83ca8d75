import * as z from 'zod';
import { remove } from './grafana-client.ts';
import type { GrafanaClient } from './grafana-client.ts';
import { upsert } from './upsert.ts';

/** Whom an alert rule of Grafana's own may tell. */
export interface ContactPoint {
  readonly uid: string;
  readonly name: string;
  /** Which integration; the settings are its own. */
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const PATH = '/api/v1/provisioning/contact-points';

export async function upsertContactPoint(grafana: GrafanaClient, contactPoint: ContactPoint): Promise<void> {
  await upsert({
    // there is no route for one
    isThere: async () =>
      contactPoints.parse(await grafana('GET', PATH)).some(({ uid }) => uid === contactPoint.uid),
    create: () => grafana('POST', PATH, contactPoint),
    update: () => grafana('PUT', `${PATH}/${contactPoint.uid}`, contactPoint),
  });
}

/** Grafana refuses while a notification policy uses it. */
export async function removeContactPoint(grafana: GrafanaClient, uid: string): Promise<void> {
  await remove(grafana, `${PATH}/${uid}`);
}

const contactPoints = z.array(z.object({ uid: z.string() }));

import { find, GrafanaError } from './grafana-client.ts';
import type { GrafanaClient } from './grafana-client.ts';

/**
 * Installs the plugin unless it is there, in the version that Grafana's catalogue has for this Grafana. Versions are
 * not pinned: which one fits depends on Grafana's patch version, which a managed Grafana changes by itself.
 */
export async function ensurePlugin(
  grafana: GrafanaClient,
  id: string,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const path = `/api/plugins/${id}/settings`;
  if ((await find(grafana, path)) !== undefined) return;
  try {
    await grafana('POST', `/api/plugins/${id}/install`, {});
  } catch (error) {
    // somebody else was quicker
    if (!(error instanceof GrafanaError && error.status === 409)) throw error;
  }
  for (let attempt = 1; attempt <= READY_ATTEMPTS; attempt++) {
    // oxlint-disable-next-line no-await-in-loop -- looks until it is there
    if ((await find(grafana, path)) !== undefined) return;
    // oxlint-disable-next-line no-await-in-loop -- see above
    await wait(READY_WAIT_MS);
  }
  throw new Error(
    `expected plugin ${id} within ${(READY_ATTEMPTS * READY_WAIT_MS) / 1000} s of its installation, got none: see the workspace's plugin catalogue`,
  );
}

const READY_ATTEMPTS = 30;
const READY_WAIT_MS = 4_000;

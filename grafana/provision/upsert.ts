import { GrafanaError } from './grafana-client.ts';

/** Makes it or brings it to what is wanted. If its making fails and it is there all the same, an answer was lost. */
export async function upsert({ isThere, create, update }: Upsert): Promise<void> {
  if (await isThere()) {
    await update();
    return;
  }
  try {
    await create();
  } catch (error) {
    const wasMade = error instanceof GrafanaError && (await isThere().catch(() => false));
    if (!wasMade) throw error;
    await update();
  }
}

interface Upsert {
  readonly isThere: () => Promise<boolean>;
  readonly create: () => Promise<unknown>;
  readonly update: () => Promise<unknown>;
}

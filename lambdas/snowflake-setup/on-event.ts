import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { forgetChannelOffsets } from '#connectors/begin-epoch.ts';
import { applySnowflakeSetup } from '#snowflake/apply.ts';
import type { connectWarehouse } from '#snowflake/connection.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
import { readAdmin } from './admin-secret.ts';
import type { Admin } from './admin-secret.ts';
import type { Place } from './env.ts';
import { parseRequest } from './request.ts';
import type { Properties } from './request.ts';
import { prepareKey } from './service-key.ts';

export interface Ports {
  readonly secrets: SecretsManagerClient;
  readonly place: Place;
  readonly connect: typeof connectWarehouse;
  readonly log: (event: string, facts: Readonly<Record<string, unknown>>) => void;
}

export interface Answer {
  /** Of the Snowflake account: with another one the resource is another. */
  readonly PhysicalResourceId: string;
}

/** Can be run any number of times; what a run that failed had done stands, and the next goes over it unharmed. */
export async function onEvent(event: unknown, ports: Ports): Promise<Answer> {
  const request = parseRequest(event);
  if (request.RequestType === 'Delete') {
    ports.log('kept', {
      reason: 'Snowflake keeps its database, users and warehouses until somebody drops them by hand',
    });
    return { PhysicalResourceId: request.PhysicalResourceId };
  }
  const { epoch } = request.ResourceProperties;
  const isNewEpoch = request.RequestType === 'Create' || request.OldResourceProperties.epoch !== epoch;
  await setUp(request.ResourceProperties, isNewEpoch, ports);
  return { PhysicalResourceId: `snowflake-setup-${ports.place.SNOWFLAKE_ACCOUNT}` };
}

async function setUp(
  { adminSecret, users, landingTable, epoch }: Properties,
  isNewEpoch: boolean,
  { secrets, place, connect, log }: Ports,
): Promise<void> {
  const admin = await readAdmin(secrets, adminSecret);
  // before any key is made: an account that can't be reached is left as it is
  await using warehouse = await connect(settingsOf(admin, place));
  const [loader, transformer, reader] = await Promise.all([
    prepareKey(secrets, users.loader),
    prepareKey(secrets, users.transformer),
    prepareKey(secrets, users.reader),
  ]);
  const applied = await applySnowflakeSetup(warehouse, {
    publicKeys: {
      loader: loader.publicKeys,
      transformer: transformer.publicKeys,
      reader: reader.publicKeys,
    },
    say: (line) => log('statement', { line }),
  });
  if (isNewEpoch) {
    // owns the landing table
    await warehouse.execute('USE ROLE SYSADMIN');
    const channels = await forgetChannelOffsets((sql) => warehouse.execute(sql), landingTable);
    log('epoch-began', { epoch, landingTable, channels });
  }
  for (const key of [loader, transformer, reader]) {
    // oxlint-disable-next-line no-await-in-loop -- three
    await key.publish();
  }
  log('set-up', {
    ...applied,
    newKeys: Object.entries({ loader, transformer, reader }).flatMap(([user, { isNew }]) =>
      isNew ? [user] : [],
    ),
  });
}

function settingsOf({ user, privateKey, role }: Admin, place: Place): WarehouseSettings {
  const { SNOWFLAKE_ACCOUNT: account, SNOWFLAKE_HOST: host } = place;
  return {
    account,
    host: host ?? `${account}.snowflakecomputing.com`,
    port: place.SNOWFLAKE_PORT,
    protocol: place.SNOWFLAKE_PROTOCOL,
    user,
    privateKey: { kind: 'key', key: privateKey },
    role,
    // there may be neither yet
    warehouse: undefined,
    database: undefined,
  };
}

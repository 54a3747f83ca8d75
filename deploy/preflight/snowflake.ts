import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { Stage } from '#lib/stage/stage.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
import { ok, problem, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

/** Made by hand before the first deployment. */
const adminSchema = z.object({
  user: z.string(),
  /** PKCS8, as a PEM or as its base64 in one line. */
  privateKey: z.string(),
  role: z.string().default('ACCOUNTADMIN'),
});

/** Where Snowflake is; another one in tests. */
export type SnowflakeAddress = Pick<WarehouseSettings, 'host' | 'port' | 'protocol'>;

/** Whether the administrator's secret is there, and Snowflake lets its key in with the rights that the set-up needs. */
export async function checkSnowflake(
  { name, region, snowflakeAccount }: Pick<Stage, 'name' | 'region' | 'snowflakeAccount'>,
  secrets: SecretsManagerClient,
  address: SnowflakeAddress,
): Promise<readonly Finding[]> {
  const SecretId = `crypto-market-${name}/snowflake-admin`;
  const what = `secret ${SecretId}`;
  const shape = '{"user": "…", "privateKey": "…"}';
  let secret: string | undefined;
  try {
    ({ SecretString: secret } = await secrets.send(new GetSecretValueCommand({ SecretId })));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    const todo = `make it: aws secretsmanager create-secret --region ${region} --name ${SecretId} --secret-string file://…, with ${shape}`;
    return [problem(what, `there is none in ${region}`, todo)];
  }
  const admin = adminSchema.safeParse(jsonOf(secret));
  if (!admin.success) {
    // its values are not shown
    const wrong = admin.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
    return [
      problem(what, `it is there, but not as ${shape}: wrong is ${wrong}`, 'write it anew in that form'),
    ];
  }
  const { user, privateKey, role } = admin.data;
  return [
    ok(what, `for the user ${user}`),
    await logIn({
      ...address,
      account: snowflakeAccount,
      user,
      role,
      privateKey: { kind: 'key', key: privateKey },
      warehouse: undefined,
      database: undefined,
    }),
  ];
}

async function logIn(settings: WarehouseSettings): Promise<Finding> {
  const what = 'Snowflake';
  try {
    await using warehouse = await connectWarehouse(settings, { loginRetries: 1 });
    const [row] = await warehouse.execute('SELECT CURRENT_ROLE() AS ROLE, CURRENT_REGION() AS REGION');
    return row?.['ROLE'] === settings.role
      ? ok(what, `${settings.host} as ${settings.user}, role ${settings.role}, region ${row['REGION']}`)
      : problem(
          what,
          `${settings.user} has the role ${row?.['ROLE']}, not ${settings.role}`,
          `in Snowflake: GRANT ROLE ${settings.role} TO USER ${settings.user}`,
        );
  } catch (error) {
    return problem(
      what,
      reasonOf(error),
      "give the user the public key (ALTER USER … SET RSA_PUBLIC_KEY = '…'), and let this address in, should there be a network policy",
    );
  }
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

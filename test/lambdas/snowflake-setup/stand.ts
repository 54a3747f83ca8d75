import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SnowflakeSetupProperties } from '#lambdas/snowflake-setup/env.ts';
import { onEvent } from '#lambdas/snowflake-setup/on-event.ts';
import { ROOT } from '#local/setup/folders.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { connectAs } from '#local/snowflake/connect-as.ts';
import { connectWarehouse } from '#snowflake/connection.ts';
import type { WarehouseSettings } from '#snowflake/settings.ts';
import { startEmulator } from '#test/local/start-emulator.ts';
import { recordingLog } from '#test/recording-log.ts';
import { secretWith, startFakeSecrets } from './fake-secrets.ts';
import { startRecordingProxy } from './recording-proxy.ts';

export const USERS = ['loader', 'transformer', 'reader'] as const;
export type User = (typeof USERS)[number];

const ADMIN = 'crypto-market-dev/snowflake-admin';
const LANDING_TABLE = 'CRYPTO_MARKET.RAW.CANDLES_STREAM';

const CHANNEL = 'candles-1m_0';

const arnOf = (user: User) => `arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:${user}-AbCdEf`;

export function properties(changes: { generation?: number; epoch?: string } = {}): SnowflakeSetupProperties {
  // as CloudFormation hands numbers on
  const keyGeneration = String(changes.generation ?? 1);
  const user = (name: User) => ({ secretArn: arnOf(name), keyGeneration });
  return {
    adminSecret: ADMIN,
    users: { loader: user('loader'), transformer: user('transformer'), reader: user('reader') },
    landingTable: LANDING_TABLE,
    epoch: changes.epoch ?? '1a2b3c4d',
    setupHash: 'one',
  };
}

export const create = (now = properties()) => ({ RequestType: 'Create', ResourceProperties: now });
export const update = (now: SnowflakeSetupProperties, before = properties()) => ({
  RequestType: 'Update',
  PhysicalResourceId: 'snowflake-setup-local',
  ResourceProperties: now,
  OldResourceProperties: before,
});

/** An account in which nothing is yet, secrets as the stack makes them, and the function as it would be called for both. */
export async function startStand() {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator());
  const snowflake = stack.use(await startRecordingProxy(emulator.url));
  const fake = stack.use(await startFakeSecrets());
  const { privateKey } = keyPairIn(emulator.options.folder);
  const everyKey = new Set([privateKey]);
  const adminSecret = JSON.stringify({ user: 'SETTER_UP', privateKey });
  const { log, lines } = recordingLog();
  const answers: unknown[] = [];
  const said: string[] = [];
  const secrets = new SecretsManagerClient({
    region: 'ap-northeast-1',
    endpoint: fake.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
  });
  stack.defer(() => secrets.destroy());
  const place = {
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: Number(new URL(snowflake.url).port),
    SNOWFLAKE_PROTOCOL: 'http',
  } as const;
  const admin = stack.use(await connectAs(emulator.options, 'admin'));
  const ports = {
    secrets,
    connect: (settings: WarehouseSettings) => connectWarehouse(settings, { loginRetries: 0 }),
    log: log.info,
  };
  const running = stack.move();
  const secretOf = (user: User) => {
    const secret = fake.secrets.get(arnOf(user));
    if (secret === undefined) throw new Error(`expected a secret of the ${user}`);
    return secret;
  };
  return {
    snowflake,
    fake,
    secretOf,
    execute: (sql: string) => admin.execute(sql),
    /** Secrets as a new stack has them, and no memory of what was asked. */
    reset() {
      for (const { versions } of fake.secrets.values())
        for (const key of versions.values()) everyKey.add(key);
      for (const user of USERS) fake.secrets.set(arnOf(user), secretWith());
      fake.actions.length = 0;
      snowflake.statements.length = 0;
    },
    /** All that ever were, as base64. */
    privateKeys: () => [...everyKey].filter((key) => key.startsWith('MII')),
    /** One event; what it ends with is kept, so that a test may look for secrets in all that was ever said. */
    async handle(
      event: unknown,
      wrong: { readonly port?: number; readonly adminSecret?: string | undefined } = {},
    ) {
      fake.secrets.set(ADMIN, secretWith('adminSecret' in wrong ? wrong.adminSecret : adminSecret));
      const SNOWFLAKE_PORT = wrong.port ?? place.SNOWFLAKE_PORT;
      try {
        const answer = await onEvent(event, { ...ports, place: { ...place, SNOWFLAKE_PORT } });
        answers.push(answer);
        return answer;
      } catch (error) {
        answers.push(error);
        throw error;
      }
    },
    /** As Lambda does it: the function's own file, in a process whose every word is kept. */
    async invoke(event: unknown): Promise<{ readonly answer: string; readonly words: string }> {
      fake.secrets.set(ADMIN, secretWith(adminSecret));
      const script = `import { handler } from '#lambdas/snowflake-setup/handler.ts';
        const answered = await handler(JSON.parse(process.argv[1])).catch((error) => error.message);
        process.stderr.write(JSON.stringify(answered));`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(event)], {
        cwd: ROOT,
        env: {
          ...process.env,
          ...Object.fromEntries(Object.entries(place).map(([name, value]) => [name, String(value)])),
          AWS_ENDPOINT_URL_SECRETS_MANAGER: fake.url,
          AWS_REGION: 'ap-northeast-1',
          AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
          AWS_SECRET_ACCESS_KEY: 'example',
        },
      });
      const [words, answer] = await Promise.all([text(child.stdout), text(child.stderr)]);
      said.push(words, answer);
      return { answer, words };
    },
    /** The public key of the version at a label, as Snowflake has it. */
    publicKey(user: User, label: string): string | undefined {
      const { labels, versions } = secretOf(user);
      const found = versions.get(labels.get(label) ?? '');
      if (found === undefined) return undefined;
      const key = createPrivateKey({ key: Buffer.from(found, 'base64'), format: 'der', type: 'pkcs8' });
      return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
    },
    /** What the user's two places for keys were last set to. */
    places(user: User): readonly (string | undefined)[] {
      return ['RSA_PUBLIC_KEY', 'RSA_PUBLIC_KEY_2'].map((slot) => {
        const about = new RegExp(
          `^ALTER USER CRYPTO_${user.toUpperCase()}_SERVICE (UNSET ${slot}|SET ${slot} = '(.*)')$`,
        );
        return snowflake.statements.findLast((sql) => about.test(sql))?.match(about)?.[2];
      });
    },
    /** As the connector would, for a topic whose offsets have come so far. */
    async landUpTo(offset: number): Promise<void> {
      const [database, schema, table] = LANDING_TABLE.split('.');
      const answer = await fetch(`${emulator.url}/v1/streaming/channels/open/`, {
        method: 'POST',
        body: JSON.stringify({ database, schema, table, channel: CHANNEL, role: 'CRYPTO_LOADER' }),
      });
      if (!answer.ok) throw new Error(`expected a channel, got ${answer.status}`);
      await admin.execute('use role SYSADMIN');
      const call = `system$snowpipe_streaming_update_channel_offset_token('${LANDING_TABLE}', '${CHANNEL}', '${offset}')`;
      await admin.execute(`select ${call}`);
    },
    async landedUpTo(): Promise<unknown> {
      const [channel] = await admin.execute(`show channels in table ${LANDING_TABLE}`);
      return channel?.['offset_token'];
    },
    lines,
    /** All that a log or CloudFormation could show. */
    said: () =>
      inspect({ lines, answers, said }, { depth: 20, maxStringLength: Infinity, maxArrayLength: Infinity }),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

import { appendFile, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { candleSinkConfig } from '#connectors/candle-sink.ts';
import { startBroker } from '#local/kafka/start-broker.ts';
import { prepareWorker } from '#local/connect/worker.ts';
import { SECRET_PROVIDER_JARS_FOLDER } from '#local/setup/folders.ts';
import { SECRET_PROVIDER_JAR } from '#local/setup/secret-provider.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';
import { startProcess } from '#local/supervisor/start-process.ts';
import { secretReference, WORKER_SETTINGS } from '#lib/warehouse/worker-settings.ts';
import { secretWith, startFakeSecrets } from '#test/lambdas/snowflake-setup/fake-secrets.ts';
import { freePorts } from '#test/local/free-ports.ts';
import { startWarehouse } from '#test/local/start-emulator.ts';
import { temporaryFolder } from '#test/local/temporary-folder.ts';

const REGION = 'ap-northeast-1';
const ARN = `arn:aws:secretsmanager:${REGION}:123456789012:secret:loader-AbCdEf`;

let stand: Awaited<ReturnType<typeof startStand>>;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand[Symbol.asyncDispose]());

test('a worker with the settings and the plugin of AWS logs in by the key that it reads from Secrets Manager', async () => {
  stand.secrets.set(ARN, secretWith(stand.privateKey));
  const before = stand.fake.actions.length;
  expect(await stand.validate(ARN)).toEqual([]);
  expect(stand.fake.actions.slice(before)).toContain('GetSecretValue');
  expect(stand.authorizations.join('\n')).toMatch(
    /Credential=AKIDEXAMPLE\/\d{8}\/ap-northeast-1\/secretsmanager\//,
  );
});

test('a secret that is not there, or that holds no key, is refused by its name, and shown nowhere', async () => {
  const gone = ARN.replace('loader', 'gone');
  expect(await stand.validate(gone)).toEqual([expect.stringContaining(`expected to read secret ${gone}`)]);
  stand.secrets.set(ARN, secretWith('a password'));
  const problems = await stand.validate(ARN);
  expect(problems.join()).toMatch(/private\.key/i);
  expect(problems.join()).not.toContain('a password');
});

test('the log of the worker has no key', async () => {
  const log = await readFile(stand.logFile, 'utf8');
  expect(log).toContain('SecretTextProvider');
  for (const part of [stand.privateKey.slice(64, 112), stand.privateKey.slice(-64), 'a password']) {
    expect(log).not.toContain(part);
  }
});

/** A broker, the emulator, Secrets Manager, and a worker that finds the provider as MSK Connect's does. */
async function startStand() {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(await temporaryFolder());
  const [port = 0, controllerPort = 0, restPort = 0] = await freePorts(3);
  const broker = stack.use(
    await startBroker({
      port,
      controllerPort,
      dataDir: join(folder, 'kafka'),
      logFile: join(folder, 'kafka.log'),
    }),
  );
  const emulator = stack.use(await startWarehouse());
  const fake = stack.use(await startFakeSecrets());
  const worker = join(folder, 'connect');
  await mkdir(worker);
  const command = await prepareWorker({ port: restPort, brokers: broker.brokers, folder: worker });
  await addProvider(worker);
  const logFile = join(folder, 'connect.log');
  const url = `http://127.0.0.1:${restPort}`;
  stack.use(
    await startProcess({
      name: 'connect',
      command,
      env: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: fake.url,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
      },
      logFile,
      isReady: async () => (await fetch(`${url}/connectors`).catch(() => undefined))?.status === 200,
      timeoutMs: 90_000,
    }),
  );
  const running = stack.move();
  return {
    fake,
    secrets: fake.secrets,
    authorizations: fake.authorizations,
    privateKey: keyPairIn(emulator.options.folder).privateKey,
    logFile,
    /** What the connector says of its configuration once the worker has resolved it, and tried it against the emulator. */
    async validate(secretArn: string): Promise<readonly string[]> {
      const config = candleSinkConfig({
        topics: { candles: 'candles-1m', deadLetter: 'candles-1m-sink-dead-letter' },
        tasks: 1,
        flushSeconds: 1,
        snowflake: {
          url: emulator.url,
          user: 'CRYPTO_LOADER_SERVICE',
          privateKey: secretReference(REGION, secretArn),
          role: 'CRYPTO_LOADER',
          database: 'CRYPTO_MARKET',
          schema: 'RAW',
          table: 'CANDLES_STREAM',
        },
      });
      const answer = await fetch(`${url}/connector-plugins/SnowflakeSinkConnector/config/validate`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...config, name: 'tried' }),
      });
      const said: unknown = await answer.json();
      if (!answer.ok) return [z.object({ message: z.string() }).parse(said).message];
      return validation
        .parse(said)
        .configs.flatMap(({ value: { name, errors } }) => errors.map((error) => `${name}: ${error}`));
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function addProvider(worker: string): Promise<void> {
  const [plugin = ''] = await readdir(join(worker, 'plugins'));
  const jars = await readdir(SECRET_PROVIDER_JARS_FOLDER);
  for (const jar of [SECRET_PROVIDER_JAR, ...jars.map((name) => join(SECRET_PROVIDER_JARS_FOLDER, name))]) {
    await symlink(jar, join(worker, 'plugins', plugin, basename(jar)));
  }
  // of a setting that is there twice, the last counts
  await appendFile(join(worker, 'worker.properties'), WORKER_SETTINGS);
}

const validation = z.object({
  configs: z.array(z.object({ value: z.object({ name: z.string(), errors: z.array(z.string()) }) })),
});

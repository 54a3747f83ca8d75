import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { airflowSettingsSchema } from '#local/airflow/settings.ts';
import { keyPairIn } from '#local/snowflake/key-pair.ts';

/** Found in the environment of every process of the run, and so of none else. */
const MARK = `planted${process.pid}x${Date.now()}`;

/** What a user's shell may have exported: the whole pipeline inherits it, and none of it may ever be written down. */
export const PLANTED: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: `AKIA${MARK}id`,
  AWS_SECRET_ACCESS_KEY: `${MARK}/aws+secret`,
  AWS_SESSION_TOKEN: `${MARK}-aws-session`,
  SNOWFLAKE_PASSWORD: `${MARK}-password`,
  SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: `${MARK}-passphrase`,
  PRIVATE_KEY_PASSPHRASE: `${MARK}-dbt-passphrase`,
  GRAFANA_TOKEN: `glsa_${MARK}`,
};

/** Whether a process is of the run, by what it was started with. */
export function isOfTheRun(environ: string): boolean {
  return environ.includes(MARK);
}

/** Where secrets belong: readable for their user alone. */
const KEPT_IN = [
  /^keys\/warehouse\.p8$/,
  /^[a-z]+\/airflow\/settings\.json$/,
  /^[a-z]+\/airflow\/environment\/[\w-]+\.json$/,
];

/** Every file of the run that shows a secret without being the place for it, and how many were looked at. */
export function filesWithSecrets(folder: string, source: string) {
  const secrets = secretsOf(folder, source);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const looked = names.filter((name) => !KEPT_IN.some((place) => place.test(name)));
  const found = looked.flatMap((name) => {
    const content = contentOf(join(folder, name));
    return [...secrets].filter(([, secret]) => content.includes(secret)).map(([what]) => `${name}: ${what}`);
  });
  return { looked, found, secrets: [...secrets.keys()] };
}

/** Planted ones, and those that the run has made itself. */
function secretsOf(folder: string, source: string): ReadonlyMap<string, string> {
  const { privateKey, privateKeyFile } = keyPairIn(folder);
  const [, line = ''] = readFileSync(privateKeyFile, 'utf8').split('\n').slice(2);
  const secrets = new Map(Object.entries(PLANTED))
    .set('the private key', privateKey.slice(200, 260))
    .set('its PEM', line);
  const settings = join(folder, source, 'airflow', 'settings.json');
  const { options } = airflowSettingsSchema.parse(
    JSON.parse(contentOf(settings).toString() || '{"home":"","port":1,"options":{}}'),
  );
  for (const name of ['AIRFLOW__API__SECRET_KEY', 'AIRFLOW__API_AUTH__JWT_SECRET']) {
    const secret = z.string().optional().parse(options[name]);
    if (secret !== undefined) secrets.set(name, secret);
  }
  return secrets;
}

/** Nothing of a file that went away in the meantime. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

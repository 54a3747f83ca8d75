import { createPublicKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitStatements } from './split-statements.ts';

/** Of each service user; PEM, or its base64 in one line. */
export type PublicKeys = Readonly<Record<ServiceUser, UserKeys>>;

interface UserKeys {
  /** Undefined while only the second is valid. */
  readonly key: string | undefined;
  /** Valid beside the first while clients change from one to the other; without it the user has no second key. */
  readonly secondKey?: string | undefined;
}

const SERVICE_USERS = ['loader', 'transformer', 'reader'] as const;
type ServiceUser = (typeof SERVICE_USERS)[number];

export interface SetupStatement {
  readonly file: string;
  readonly line: number;
  readonly sql: string;
  /** Its first line, shortened. */
  readonly title: string;
}

/** All numbered files in their order, with the keys filled in, if there are any. Throws on a key that is none. */
export async function setupStatements(
  publicKeys: PublicKeys | undefined,
): Promise<readonly SetupStatement[]> {
  const files = (await readdir(import.meta.dirname))
    .filter((name) => /^\d{3}_\w+\.sql$/.test(name))
    .toSorted();
  if (files.length === 0) throw new Error(`expected numbered .sql files in ${import.meta.dirname}, got none`);
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')));
  const keys = publicKeys && placeholders(publicKeys);
  return texts.flatMap((text, index) => {
    const file = `snowflake/${files[index]}`;
    return splitStatements(text).map(({ line, sql }) => {
      const filled = keys === undefined ? sql : fillKeys(sql, keys, `${file}:${line}`);
      return { file, line, sql: filled, title: titleOf(filled) };
    });
  });
}

function placeholders(publicKeys: PublicKeys): ReadonlyMap<string, string | undefined> {
  return new Map(
    SERVICE_USERS.flatMap((user) => {
      const { key, secondKey } = publicKeys[user];
      if (key === undefined && secondKey === undefined) {
        throw new Error(`public key of the ${user}: expected one at least, got none`);
      }
      return [
        [`${user}_public_key`, key === undefined ? undefined : keyBody(key, user)],
        [`${user}_public_key_2`, secondKey === undefined ? undefined : keyBody(secondKey, user)],
      ];
    }),
  );
}

/** As Snowflake wants it: base64 in one line, which needs no escape in SQL. */
function keyBody(text: string, user: ServiceUser): string {
  const trimmed = text.trim();
  try {
    const key = trimmed.startsWith('-----BEGIN')
      ? createPublicKey(trimmed)
      : createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'rsa') throw new Error(`it is a key for ${key.asymmetricKeyType}`);
    return key.export({ type: 'spki', format: 'der' }).toString('base64');
  } catch (error) {
    throw new Error(
      `public key of the ${user}: expected an RSA public key, as a PEM or as its base64 in one line, ` +
        `got something else (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}

/** A property that is set to a key that is not given is unset. */
function fillKeys(sql: string, keys: ReadonlyMap<string, string | undefined>, place: string): string {
  return sql.replaceAll(/\bSET\s+(\w+)\s*=\s*'\$\{(\w+)\}'/g, (_, property: string, name: string) => {
    if (!keys.has(name)) {
      throw new Error(`${place}: expected one of ${[...keys.keys()].join(', ')} in \${…}, got ${name}`);
    }
    const key = keys.get(name);
    return key === undefined ? `UNSET ${property}` : `SET ${property} = '${key}'`;
  });
}

function titleOf(sql: string): string {
  const text = sql.replaceAll(/\s+/g, ' ');
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}

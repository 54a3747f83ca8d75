import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeyPair {
  /** A PEM in PKCS8 that its owner alone may read. */
  readonly privateKeyFile: string;
  /** The same key's base64 in one line. */
  readonly privateKey: string;
  /** PEM. */
  readonly publicKey: string;
}

/** The pair that every local client of the warehouse signs with: made when it is first asked for, and kept. */
export function keyPairIn(folder: string): KeyPair {
  const privateKeyFile = join(folder, 'keys', 'warehouse.p8');
  const pem = readIfThere(privateKeyFile) ?? makeKey(privateKeyFile);
  return {
    privateKeyFile,
    privateKey: createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    publicKey: createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Whole or not at all: of two processes at once, both end up with the key of the first. */
function makeKey(file: string): string {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    linkSync(next, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(next);
  }
  return readFileSync(file, 'utf8');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Stands in for `aws-msk-iam-sasl-signer-js`: tokens that a broker outside of AWS can check, and that expire as soon as the test wants. */
import { appendFileSync, existsSync } from 'node:fs';
import * as z from 'zod';

/** How the tests tell it what to make. */
const schema = z.object({
  principal: z.string(),
  lifetimeMs: z.number().positive(),
  /** A line for each token that was made. */
  journal: z.string(),
  /** While there is a file of this name, there are no credentials to be had. */
  awayFile: z.string(),
});

export type TokenSettings = z.infer<typeof schema>;

const { principal, lifetimeMs, journal, awayFile } = schema.parse(
  JSON.parse(process.env['FAULT_TOKENS'] ?? '{}'),
);

/** The broker's time, whatever clock the process is given later. */
const realNow = Date.now;

export async function generateAuthToken(): Promise<{ readonly token: string }> {
  if (existsSync(awayFile)) throw new Error('CredentialsProviderError: no credentials to be had');
  const nowMs = realNow();
  const claims = { sub: principal, iat: nowMs / 1000, exp: (nowMs + lifetimeMs) / 1000 };
  appendFileSync(journal, `${nowMs}\n`);
  return Promise.resolve({ token: `${encoded({ alg: 'none' })}.${encoded(claims)}.` });
}

function encoded(part: Readonly<Record<string, unknown>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RemoteWriteAuth } from './env.ts';
import { createPost } from './post.ts';
import type { Headers } from './post.ts';
import { readAnswer } from './send-outcome.ts';
import type { SendOutcome } from './send-outcome.ts';

export interface RemoteWrite {
  /** Posts a snappy-compressed write request; a receiver that can't be reached is an outcome, not an exception. */
  readonly send: (body: Uint8Array, timeoutMs: number) => Promise<SendOutcome>;
  /** Makes the next send use newly fetched credentials. */
  readonly refreshCredentials: () => Promise<void>;
}

/**
 * The receiver behind one URL, by remote write 1.0; `sender` is who it hears from, in the user agent.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function createRemoteWrite(url: URL, auth: RemoteWriteAuth, sender: string): RemoteWrite {
  const headers = { ...HEADERS, 'user-agent': `crypto-market-pipeline/${sender}` };
  const post = createPost(url);
  const signer = auth.kind === 'sigv4' ? createSigner(url, auth.region, headers) : undefined;
  return {
    send: async (body, timeoutMs) => {
      try {
        const signed = signer ? await signer.sign(body) : headers;
        return readAnswer(await post(signed, body, timeoutMs), Date.now());
      } catch (error) {
        return { kind: 'unavailable', detail: describeCauses(error) };
      }
    },
    refreshCredentials: async () => signer?.refresh(),
  };
}

const HEADERS = {
  'content-encoding': 'snappy',
  'content-type': 'application/x-protobuf',
  'x-prometheus-remote-write-version': '0.1.0',
} as const satisfies Headers;

function createSigner(url: URL, region: string, headers: Headers) {
  let credentials = defaultProvider();
  return {
    sign: async (body: Uint8Array): Promise<Headers> => {
      const signer = new SignatureV4({ service: 'aps', region, credentials, sha256: Sha256 });
      const signed = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port !== '' && { port: Number(url.port) }),
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...headers, host: url.host },
        body,
      });
      // the request writes the host itself, the same one
      const { host: _, ...signedHeaders } = signed.headers;
      return signedHeaders;
    },
    /** A new provider remembers nothing, so the next signature asks the environment or the container again. */
    refresh: () => {
      credentials = defaultProvider();
    },
  };
}

/** What failed is often in the causes alone. */
function describeCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return `${error.message}${code}${error.cause === undefined ? '' : `: ${describeCauses(error.cause)}`}`;
}

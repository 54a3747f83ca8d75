import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeError, refused, unavailable } from './outcome.ts';
import type { Absent, Refused, Unavailable } from './outcome.ts';
import { persist } from './persist.ts';
import type { Sleep, TryAgain } from './persist.ts';
import { pathOf } from './piece.ts';
import type { ArchivePiece } from './piece.ts';
import { readText } from './read-text.ts';
import { retryAfterMs } from './retry-after.ts';

/** The exchange's archive: data.binance.vision or who speaks like it. Rejects only when aborted. */
export interface ArchiveClient {
  /** What the zip's SHA-256 should be. */
  checksum(piece: ArchivePiece, signal: AbortSignal): Promise<Fetched<{ readonly sha256: string }>>;
  /** Writes the zip and says what its SHA-256 is. */
  download(
    piece: ArchivePiece,
    file: string,
    signal: AbortSignal,
  ): Promise<Fetched<{ readonly sha256: string }>>;
}

type Fetched<T> = ({ readonly kind: 'ok' } & T) | Absent | Refused | Unavailable;

/** A month of minutes is 2 to 4 MB. */
const MOST_ZIP_BYTES = 64 * 1024 * 1024;

/** A line. */
const MOST_CHECKSUM_BYTES = 64 * 1024;

const CHECKSUM_TIMEOUT_MS = 20_000;
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Where a 429 does not say for how long. */
const RATE_LIMIT_PAUSE_MS = 10_000;

export function createArchiveClient(baseUrl: string, sleep?: Sleep): ArchiveClient {
  const get = async <T extends { readonly kind: string }>(
    path: string,
    timeoutMs: number,
    signal: AbortSignal,
    read: (response: Response) => Promise<T>,
  ): Promise<T | Absent | Unavailable> => {
    const url = `${baseUrl}${path}`;
    const attempt = async (): Promise<T | Absent | Unavailable | TryAgain> => {
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const response = await fetch(url, { signal: within });
        if (response.status === 200) return await read(response);
        await response.body?.cancel();
        return judge(response);
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'try-again', reason: describeError(error), afterMs: 0 };
      }
    };
    const result = await persist(attempt, signal, sleep);
    return result.kind === 'try-again'
      ? unavailable(`${url}: ${(result as TryAgain).reason}`) // its kind says so
      : (result as T | Absent | Unavailable); // the other kinds
  };

  return {
    checksum: (piece, signal) =>
      get(`${pathOf(piece)}.CHECKSUM`, CHECKSUM_TIMEOUT_MS, signal, async (response) => {
        const text = await readText(response, MOST_CHECKSUM_BYTES);
        const { sha256, name } = CHECKSUM.exec(text.trim())?.groups ?? {};
        return sha256 === undefined || name !== piece.fileName
          ? refused(
              `expected a CHECKSUM of 64 hexadecimal digits and ${piece.fileName}, got ${JSON.stringify(text.slice(0, 100))}`,
            )
          : { kind: 'ok' as const, sha256: sha256.toLowerCase() };
      }),
    download: (piece, file, signal) =>
      get(pathOf(piece), DOWNLOAD_TIMEOUT_MS, signal, (response) => save(response, file)),
  };
}

/** What `sha256sum` writes. */
const CHECKSUM = /^(?<sha256>[0-9a-f]{64})\s+\*?(?<name>\S+)$/i;

function judge(response: Response): Absent | Unavailable | TryAgain {
  const { status } = response;
  if (status === 404) return { kind: 'absent' };
  const isPassing = status === 429 || status === 408 || status >= 500;
  if (!isPassing) return unavailable(`${response.url}: expected HTTP 200 or 404, got ${status}`);
  const afterMs = retryAfterMs(response, status === 429 ? RATE_LIMIT_PAUSE_MS : 0);
  return { kind: 'try-again', reason: `HTTP ${status}`, afterMs };
}

/** Throws what the network throws, and when the body is shorter than it was said to be. */
async function save(
  response: Response,
  file: string,
): Promise<Refused | { readonly kind: 'ok'; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  if (!response.body) throw new Error('expected a body, got none');
  let isTooLarge = false;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MOST_ZIP_BYTES) {
        isTooLarge = true;
        return;
      }
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(response.body), counted, createWriteStream(file));
  if (isTooLarge) return refused(`expected a zip of at most ${MOST_ZIP_BYTES} bytes, got more`);
  const announced = Number(response.headers.get('content-length') ?? bytes);
  if (announced !== bytes) throw new Error(`expected ${announced} bytes, got ${bytes}`);
  return { kind: 'ok', sha256: hash.digest('hex') };
}

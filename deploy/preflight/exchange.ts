import { WebSocket } from 'ws';
import type { Stage } from '#lib/stage/stage.ts';
import { ok, problem, reasonOf } from './finding.ts';
import type { Finding } from './finding.ts';

/** In order of preference, as the exporter and the archive loader have them. */
export interface ExchangeHosts {
  readonly restUrls: readonly string[];
  readonly webSocketUrls: readonly string[];
  readonly archiveUrl: string;
}

const PATIENCE_MS = 10_000;

/** HTTP status by which the exchange turns away whoever comes from where it may not serve. */
const NOT_FROM_THERE = 451;

const STREAM_SAMPLE = '/stream?streams=btcusdt@kline_1m';

/** Small, and never rewritten so that it would go. */
const ARCHIVE_SAMPLE = '/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-01-01.zip.CHECKSUM';

/** Whether the exchange answers this machine. What it answers in the stage's region only a run there can tell. */
export async function checkExchange(
  { region }: Pick<Stage, 'region'>,
  { restUrls, webSocketUrls, archiveUrl }: ExchangeHosts,
): Promise<readonly Finding[]> {
  const [rest, streams, archive] = await Promise.all([
    Promise.all(restUrls.map(async (url) => [url, await askRest(`${url}/api/v3/ping`)] as const)),
    Promise.all(webSocketUrls.map(async (url) => [url, await askStream(`${url}${STREAM_SAMPLE}`)] as const)),
    askRest(`${archiveUrl}${ARCHIVE_SAMPLE}`),
  ]);
  return [
    found("exchange's REST, from here", rest, region),
    found("exchange's streams, from here", streams, region),
    found("exchange's archive, from here", [[archiveUrl, archive]], region),
  ];
}

type Answer = { readonly kind: 'answers' } | { readonly kind: 'refuses'; readonly reason: string };

function found(
  what: string,
  answers: readonly (readonly [url: string, answer: Answer])[],
  region: string,
): Finding {
  const good = answers.flatMap(([url, { kind }]) => (kind === 'answers' ? [url] : []));
  const bad = answers.flatMap(([url, answer]) =>
    answer.kind === 'refuses' ? [`${url}: ${answer.reason}`] : [],
  );
  const there = `run this in ${region} too, as in its CloudShell: the answer there is the one that counts`;
  if (good.length === 0) return problem(what, bad.join('; '), `see the reasons, and ${there}`);
  return ok(what, `${[good.join(', '), ...bad].join('; ')}. To be sure, ${there}`);
}

async function askRest(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    await response.body?.cancel();
    return answerOf(response.status, response.ok);
  } catch (error) {
    return { kind: 'refuses', reason: reasonOf(error instanceof Error ? (error.cause ?? error) : error) };
  }
}

async function askStream(url: string): Promise<Answer> {
  const socket = new WebSocket(url, { handshakeTimeout: PATIENCE_MS });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve({ kind: 'answers' });
    });
    socket.once('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve(answerOf(response.statusCode ?? 0, false));
    });
    // also what terminating a socket that is not open yet ends in
    socket.on('error', (error) => resolve({ kind: 'refuses', reason: reasonOf(error) }));
  });
}

function answerOf(status: number, isGood: boolean): Answer {
  if (isGood) return { kind: 'answers' };
  return {
    kind: 'refuses',
    reason:
      status === NOT_FROM_THERE
        ? `HTTP ${NOT_FROM_THERE}, the exchange does not serve where this address is`
        : `HTTP ${status}`,
  };
}

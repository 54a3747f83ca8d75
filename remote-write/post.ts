import { Agent as HttpAgent, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ReceiverAnswer } from './send-outcome.ts';

export type Headers = Readonly<Record<string, string>>;

/** Sends one body; rejects where there is no whole answer within `timeoutMs`. */
export type Post = (headers: Headers, body: Uint8Array, timeoutMs: number) => Promise<ReceiverAnswer>;

/**
 * POST to one URL, over connections that stay open. Node's own client rather than its fetch, which took a third of what a request of a
 * thousand samples costs, and follows redirects unless told: this one never does, so that signed data goes nowhere else.
 */
export function createPost(url: URL): Post {
  const [request, agent] =
    url.protocol === 'https:'
      ? [requestByHttps, new HttpsAgent({ keepAlive: true })]
      : [requestByHttp, new HttpAgent({ keepAlive: true })];
  return async (headers, body, timeoutMs) => {
    const signal = AbortSignal.timeout(Math.ceil(timeoutMs));
    const { promise, resolve, reject } = Promise.withResolvers<ReceiverAnswer>();
    const sent = request(url, {
      method: 'POST',
      agent,
      headers: { ...headers, 'content-length': body.length },
      signal,
    });
    sent.once('response', (response) => {
      const { statusCode: status = 0 } = response;
      const retryAfter = response.headers['retry-after'] ?? null;
      text(response).then((answer) => resolve({ status, retryAfter, body: answer }), reject);
    });
    // Every time: a socket's error after the answer is nobody's, and would end the process.
    sent.on('error', reject);
    sent.end(body);
    try {
      return await promise;
    } catch (error) {
      if (signal.aborted)
        throw new Error(`expected an answer within ${timeoutMs} ms, got none`, { cause: error });
      throw error;
    }
  };
}

import { Agent as HttpAgent, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { urlToHttpOptions } from 'node:url';
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
  const target = { ...urlToHttpOptions(url), method: 'POST', agent };
  const post: Post = async (headers, body, timeoutMs) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReceiverAnswer>();
    const sent = request({ ...target, headers: { ...headers, 'content-length': body.length } });
    const late = setTimeout(
      () => sent.destroy(new Error(`timeout: expected an answer within ${timeoutMs} ms, got none`)),
      Math.ceil(timeoutMs),
    );
    let answered = false;
    sent.once('response', (response) => {
      answered = true;
      const { statusCode: status = 0 } = response;
      const retryAfter = response.headers['retry-after'] ?? null;
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (answer += text));
      response.once('end', () => resolve({ status, retryAfter, body: answer }));
      response.once('error', reject);
    });
    // Every time: an error of the socket after the answer is nobody's, and would end the process.
    sent.on('error', reject);
    sent.end(body);
    try {
      return await promise;
    } catch (error) {
      // A connection that lay idle, and that the receiver has closed meanwhile; in a function that was frozen nobody saw it.
      if (sent.reusedSocket && !answered && isReset(error)) return post(headers, body, timeoutMs);
      throw error;
    } finally {
      clearTimeout(late);
    }
  };
  return post;
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

import type { Scrape } from './forwarder.ts';

/** Asks for a metrics page; what goes wrong is an answer, as it is news to send on. */
export async function scrapeMetrics(url: string): Promise<Scrape> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' });
    const text = await response.text();
    return response.ok ? { kind: 'answered', text } : { kind: 'failed', reason: `status ${response.status}` };
  } catch (error) {
    return { kind: 'failed', reason: describe(error) };
  }
}

/** A page of thousands of series takes tens of milliseconds. */
const TIMEOUT_MS = 4_000;

/** fetch says only that it failed; what failed is in its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== ''
    ? `${error.message}: ${cause.message}`
    : error.message;
}

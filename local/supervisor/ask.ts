/** Below the pause between checks, so that a part that hangs is noticed as one that does not answer. */
const ANSWER_WITHIN_MS = 3000;

/** Status and body of a GET, whatever the status; throws with the address when nothing answers. */
export async function ask(url: string): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { status: response.status, body: await response.text() };
  } catch (cause) {
    throw new Error(`${url} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** The innermost message: fetch only says "fetch failed" itself. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

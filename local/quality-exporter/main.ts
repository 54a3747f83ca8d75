/**
 * One invocation of the quality exporter, as a process; its event may be given as JSON. The last line is a summary as one line of JSON: `outcome` is
 * exported or failed. Exit code 1 when it failed.
 */
async function main(): Promise<void> {
  // Loaded here and not above, so that a bad variable of the handler's is told like one of our own.
  const { handler } = await import('#lambdas/quality-exporter/handler.ts');
  const endMs = Date.now() + TIMEOUT_MS;
  const outcome = await handler(eventOf(process.argv[2] ?? '{}'), {
    getRemainingTimeInMillis: () => endMs - Date.now(),
  });
  console.log(JSON.stringify({ outcome: 'exported', ...outcome }));
}

function eventOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`expected an event as JSON, got ${text}`, { cause: error });
  }
}

/** The function's own on AWS. */
const TIMEOUT_MS = 120_000;

// CloudWatch's lines would only fill the log here.
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';
try {
  await main();
  process.exit(0);
} catch (error) {
  console.log(JSON.stringify({ outcome: 'failed', error: describeCauses(error) }));
  process.exit(1);
}

/** What each error adds to the one that it caused; many repeat it whole. */
function describeCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : describeCauses(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

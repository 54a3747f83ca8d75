/** A log that keeps its lines, for tests that ask what was said. */
export function recordingLog() {
  const lines: {
    readonly level: 'info' | 'warn' | 'error';
    readonly event: string;
    readonly facts: unknown;
  }[] = [];
  const at = (level: 'info' | 'warn' | 'error') => (event: string, facts?: unknown) =>
    void lines.push({ level, event, facts });
  return { lines, log: { info: at('info'), warn: at('warn'), error: at('error') } };
}

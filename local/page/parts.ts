import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { PART_STATES } from './answers.ts';
import type { ReadyAnswer, StateAnswer } from './answers.ts';
import { getJson } from './prometheus.ts';

/** Asks the exporter whether it is ready; 503 is an answer too, with its reasons. */
export async function askReady(exporterUrl: string): Promise<ReadyAnswer> {
  const url = `${exporterUrl}/readyz`;
  const answer = await getJson(url, readySchema, [200, 503]);
  return answer.kind === 'unreachable'
    ? { ...answer, url: exporterUrl }
    : { kind: 'exporter', ...answer.body };
}

/** Reads the supervisor's state file anew; it is replaced whole, so it is never half written. */
export async function readState(path: string): Promise<StateAnswer> {
  try {
    const { parts, ...state } = stateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return {
      kind: 'state',
      ...state,
      parts: Object.entries(parts).map(([name, part]) => ({ name, ...part })),
    };
  } catch (error) {
    return { kind: 'unknown', detail: inWords(error, path) };
  }
}

function inWords(error: unknown, path: string): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return `there is no ${path}`;
  if (error instanceof z.ZodError)
    return `${path} does not have the expected shape: ${z.prettifyError(error)}`;
  if (error instanceof SyntaxError) return `${path} is not JSON`;
  return `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`;
}

const readySchema = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()),
  connections: z.number(),
  symbols: z.number(),
  staleSymbols: z.array(z.string()),
});

const stateSchema = z.object({
  ready: z.boolean(),
  source: z.enum(['live', 'replay']),
  startedAt: z.string(),
  parts: z.record(
    z.string(),
    z.object({
      url: z.string().optional(),
      state: z.enum(PART_STATES),
      lag: z.number().optional(),
      detail: z.string().optional(),
    }),
  ),
});

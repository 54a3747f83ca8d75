import * as z from 'zod';
import type { CandleSink } from '#connectors/candle-sink.ts';

/** What the worker says of a connector: https://kafka.apache.org/documentation/#connect_rest */
export type SinkStatus =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'present';
      /** Of the connector itself, then of its tasks. */
      readonly instances: readonly SinkInstance[];
    };

export interface SinkInstance {
  readonly name: string;
  readonly state: string;
  /** Where it failed: a stack trace. */
  readonly trace?: string | undefined;
}

export async function sinkStatus(restUrl: string, name: string): Promise<SinkStatus> {
  const { status, body } = await request(restUrl, 'GET', `/connectors/${name}/status`, [404]);
  if (status === 404) return { kind: 'absent' };
  const { connector, tasks } = statusSchema.parse(JSON.parse(body));
  return {
    kind: 'present',
    instances: [
      { name: 'connector', ...connector },
      ...tasks.map(({ id, ...task }) => ({ name: `task ${id}`, ...task })),
    ],
  };
}

/** Makes the connector, or changes its configuration. Throws with the worker's own words on a wrong one. */
export async function putSink(restUrl: string, { name, config }: CandleSink): Promise<void> {
  await request(restUrl, 'PUT', `/connectors/${name}/config`, [], config);
}

/** Starts what has FAILED again, and nothing else. */
export async function restartFailed(restUrl: string, name: string): Promise<void> {
  await request(restUrl, 'POST', `/connectors/${name}/restart?includeTasks=true&onlyFailed=true`);
}

/** Also when there is none. */
export async function removeSink(restUrl: string, name: string): Promise<void> {
  await request(restUrl, 'DELETE', `/connectors/${name}`, [404]);
}

/** A new connector is validated against the warehouse before the worker answers. */
const ANSWER_WITHIN_MS = 30_000;

async function request(
  restUrl: string,
  method: string,
  path: string,
  fine: readonly number[] = [],
  body?: unknown,
): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(`${restUrl}${path}`, {
    method,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok && !fine.includes(response.status)) {
    throw new Error(`${method} ${path} was answered with ${response.status}: ${messageOf(text)}`);
  }
  return { status: response.status, body: text };
}

function messageOf(body: string): string {
  try {
    return errorSchema.parse(JSON.parse(body)).message.trim();
  } catch {
    return body.slice(0, 500);
  }
}

const instanceSchema = z.object({ state: z.string(), trace: z.string().optional() });

const statusSchema = z.object({
  connector: instanceSchema,
  tasks: z.array(instanceSchema.extend({ id: z.int() })),
});

const errorSchema = z.object({ message: z.string() });

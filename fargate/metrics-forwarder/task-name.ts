import * as z from 'zod';
import type { TaskSource } from './env.ts';

/** The task's own id. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html */
export async function taskName(source: TaskSource): Promise<string> {
  if (source.kind === 'named') return source.task;
  const response = await fetch(`${source.metadataUrl}/task`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const parsed = metadataSchema.safeParse(await response.json());
  const name = parsed.data?.TaskARN.split('/').at(-1);
  if (name === undefined || name === '')
    throw new Error(`expected the ARN of the task from ECS, got status ${response.status} without one`);
  return name;
}

/** The agent is on the same host. */
const TIMEOUT_MS = 5_000;

const metadataSchema = z.object({ TaskARN: z.string() });

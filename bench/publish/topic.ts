import * as z from 'zod';
import { variable } from '#bench/run/contestant.ts';

/** An empty topic for this run alone. */
export async function newTopic(): Promise<string> {
  return ask('/topic', 'POST');
}

/** What is in the topic now, read back by another process; afterwards the topic is gone. */
export async function countedInTopic(topic: string): Promise<Readonly<Record<string, number>>> {
  return z.record(z.string(), z.number()).parse(JSON.parse(await ask(`/counts?topic=${topic}`, 'GET')));
}

async function ask(path: string, method: string): Promise<string> {
  const answer = await fetch(`${variable('BENCH_TOPICS')}${path}`, { method });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`expected 200 for ${path}, got ${answer.status}: ${text}`);
  return text;
}

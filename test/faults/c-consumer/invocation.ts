import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { startProcess } from '#local/supervisor/start-process.ts';
import type { RunningProcess } from '#local/supervisor/start-process.ts';

export interface InvocationOptions {
  readonly remoteWriteUrl: string;
  /** For its log, what it keeps aside, and the event. */
  readonly folder: string;
  /** As Lambda counts it down. @default 30 s */
  readonly remainingMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Answered {
  /** `<partition> <offset>` from which the batch is to be delivered again. */
  readonly handedBack: readonly string[];
  /** What was left of its time when it answered. */
  readonly leftMs: number;
  /** The function's own line about the batch. */
  readonly report: z.output<typeof reportSchema>;
}

export interface Invocation {
  readonly process: RunningProcess;
  readonly answered: Promise<Answered>;
}

let invocations = 0;

/** Calls the consumer's own handler in a process of its own, as Lambda does. */
export async function startInvocation(event: unknown, options: InvocationOptions): Promise<Invocation> {
  const { remoteWriteUrl, folder, remainingMs = 30_000, env } = options;
  const name = join(folder, `invocation-${(invocations += 1)}`);
  const [eventFile, logFile] = [`${name}.json`, `${name}.log`];
  await writeFile(eventFile, JSON.stringify(event));
  const running = await startProcess({
    name: 'invocation',
    command: [process.execPath, '--input-type=module', '--eval', CALL],
    env: {
      EVENT_FILE: eventFile,
      REMAINING_MS: String(remainingMs),
      REMOTE_WRITE_URL: remoteWriteUrl,
      REMOTE_WRITE_AUTH: 'none',
      ...(env?.['REJECTED_BUCKET'] === undefined && { REJECTED_FOLDER: join(folder, 'rejected') }),
      ...env,
    },
    logFile,
    isReady: async () => (await readFile(logFile, 'utf8')).includes('{"called":true}'),
    timeoutMs: 60_000,
  });
  return { process: running, answered: readAnswer(running, logFile) };
}

/** The same, to its end. */
export async function invoke(event: unknown, options: InvocationOptions): Promise<Answered> {
  const { answered } = await startInvocation(event, options);
  return answered;
}

/** The time runs from the call on, as Lambda's does once the function is loaded. */
const CALL = `
const { readFile } = await import('node:fs/promises');
const { handler } = await import('#lambdas/prometheus-consumer/handler.ts');
const event = JSON.parse(await readFile(process.env.EVENT_FILE, 'utf8'));
const endMs = Date.now() + Number(process.env.REMAINING_MS);
const getRemainingTimeInMillis = () => endMs - Date.now();
console.log(JSON.stringify({ called: true }));
const answer = await handler(event, { getRemainingTimeInMillis });
console.log(JSON.stringify({ answer, leftMs: getRemainingTimeInMillis() }));
process.exit(0);`;

async function readAnswer({ exited }: RunningProcess, logFile: string): Promise<Answered> {
  const how = await exited;
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  const said = lines.map((line): unknown => (line.startsWith('{') ? JSON.parse(line) : undefined));
  const [answer] = said.flatMap((line) => answerSchema.safeParse(line).data ?? []);
  const [report] = said.flatMap((line) => reportSchema.safeParse(line).data ?? []);
  if (answer === undefined || report === undefined) {
    throw new Error(`expected an answer, the invocation ended with ${how}: ${lines.slice(-5).join('\n')}`);
  }
  return {
    handedBack: answer.answer.batchItemFailures.map(
      ({ itemIdentifier: { partition, offset } }) => `${partition} ${offset}`,
    ),
    leftMs: answer.leftMs,
    report,
  };
}

const answerSchema = z.object({
  answer: z.object({
    batchItemFailures: z.array(
      z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.number() }) }),
    ),
  }),
  leftMs: z.number(),
});

const reportSchema = z.object({
  event: z.literal('batch'),
  stored: z.number(),
  unsent: z.number(),
  keptAside: z.number(),
  refused: z.record(z.string(), z.number()),
  gaveUp: z.string().optional(),
  requests: z.record(z.string(), z.number()),
});

import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as z from 'zod';
import { nodeFunction } from '#lib/node-function.ts';
import { stageOf } from '#lib/stage/stage-of.ts';
import { unzipAsset, zipAsset } from './published-zip.ts';

export interface BundledFunction {
  /** Holds what Lambda unpacks of the published zip, and nothing else. */
  readonly folder: string;
  readonly bytes: number;
  readonly zippedBytes: number;
}

export interface Invocation {
  /** What the handler answered; undefined if it threw. */
  readonly answer: unknown;
  readonly error: string | undefined;
  /** From the start of loading to the end, as Lambda would bill a cold start. */
  readonly loadMs: number;
  /** The function's log, a line each. */
  readonly log: readonly string[];
}

/** The function as a deployment bundles, zips and unzips it, in a folder of its own below `below`, far from any node_modules. */
export async function bundleFunction(name: string, below: string): Promise<BundledFunction> {
  const stage = stageOf({
    stage: 'dev',
    account: '123456789012',
    snowflakeAccount: 'EXAMPLEORG-EXAMPLEACCOUNT',
  });
  const app = new App({
    outdir: join(below, `${name}-out`),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:bundling-stacks': ['**'] },
  });
  const stack = new Stack(app, 'Bundled');
  nodeFunction(stack, 'Function', name, {
    stage,
    key: new kms.Key(stack, 'Key'),
    timeout: Duration.minutes(1),
  });
  const { directory } = app.synth();
  const assets = (await readdir(directory)).filter((entry) => entry.startsWith('asset.'));
  const [asset = ''] = assets;
  if (assets.length !== 1) throw new Error(`expected one asset, got ${assets.join(', ')}`);
  const folder = join(below, name);
  await mkdir(folder);
  const zip = await zipAsset(join(directory, asset));
  await unzipAsset(zip, folder);
  return { folder, bytes: (await stat(join(folder, 'index.mjs'))).size, zippedBytes: zip.length };
}

/** Loads and calls the function once in a process that has Node, the folder and these variables, and nothing of ours. */
export function invokeOnce(
  { folder }: BundledFunction,
  event: unknown,
  env: Readonly<Record<string, string>>,
): Promise<Invocation> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ['--enable-source-maps', '--input-type=module', '--eval', RUNTIME],
      { cwd: folder, env, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const lines = stdout.trim().split('\n');
        const ended = outcome.safeParse(parseJson(lines.at(-1)));
        if (!ended.success) {
          reject(new Error(`expected an outcome as the last line, got ${stdout}${stderr}`, { cause: error }));
          return;
        }
        resolve({ answer: undefined, error: undefined, ...ended.data, log: lines.slice(0, -1) });
      },
    );
    child.stdin?.end(JSON.stringify(event));
  });
}

/** As little of Lambda's runtime as calls a handler. */
const RUNTIME = `
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  const start = performance.now();
  const { handler } = await import(process.cwd() + '/index.mjs');
  const loadMs = performance.now() - start;
  let outcome;
  try {
    outcome = { answer: await handler(JSON.parse(text), { getRemainingTimeInMillis: () => 30000 }) };
  } catch (error) {
    outcome = { error: String(error?.stack ?? error) };
  }
  console.log(JSON.stringify({ loadMs, ...outcome }));
  process.exit(0);`;

const outcome = z.object({
  loadMs: z.number(),
  answer: z.unknown().optional(),
  error: z.string().optional(),
});

function parseJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pythonTool } from '#local/setup/python.ts';

/** Moto takes any credentials, and says that they are of this account. */
export const ACCOUNT = '123456789012';

export interface EmulatedAws extends AsyncDisposable {
  /** For the CDK's command line and boto3. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Starts the stand-in for AWS on a free port of loopback; it ends with this process, whatever ends that. */
export async function startEmulatedAws(region: string): Promise<EmulatedAws> {
  const server = spawn(pythonTool('aws', 'python'), [join(import.meta.dirname, 'server.py'), '0'], {
    // it ends when its input does
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  // also when a signal to this whole group of processes ends it first
  const ended = new Promise((resolve) => server.once('close', resolve));
  const port = await portOf(server);
  server.stderr.resume();
  const environment = {
    ...withoutAws(process.env),
    // not 127.0.0.1, under which the names of buckets would become part of the host
    AWS_ENDPOINT_URL: `http://localhost:${port}`,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return {
    environment,
    async [Symbol.asyncDispose]() {
      server.stdin.end();
      await ended;
    },
  };
}

async function portOf(server: ChildProcess): Promise<number> {
  const { stdout, stderr } = server;
  if (!stdout || !stderr) throw new Error('expected pipes to the server, got none');
  let said = '';
  const listen = (text: Buffer) => {
    said += text.toString();
  };
  stderr.on('data', listen);
  for await (const line of createInterface({ input: stdout })) {
    const port = Number(line);
    if (Number.isInteger(port) && port > 0) {
      stderr.off('data', listen);
      return port;
    }
  }
  throw new Error(`expected the emulated AWS to say its port, got:\n${said.trim()}`);
}

/** A deployment into a real account, by mistake, starts with a variable that points there. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

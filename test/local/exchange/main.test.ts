import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../local/exchange/main.ts', import.meta.url));

function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, output }));
  return { child, ended, [Symbol.dispose]: () => child[Symbol.dispose]() };
}

describe('the exchange as a process', () => {
  test('says where it is, answers there, and ends on SIGTERM', async () => {
    using started = run('--port', '0', '--symbols', 'ETHUSDT,DRV0003USDT', '--speed', '30');
    const [line] = (await once(started.child.stdout, 'data')) as [string]; // an encoding is set
    const [, url] = /^replay exchange on (http:\/\/127\.0\.0\.1:\d+) and ws:/.exec(line) ?? [];
    expect((await fetch(`${url}/api/v3/ping`)).status).toBe(200);
    const { serverTime } = (await (await fetch(`${url}/api/v3/time`)).json()) as { serverTime: number }; // the endpoint's shape
    expect(Date.now() - serverTime).toBeGreaterThan(30 * 60_000);
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });

  test.each([
    [['--port', 'http'], 'expected a whole number'],
    [[], "required option '--port <number>' not specified"],
    [['--port', '0', '--symbols', '2001'], 'expected 1 to 2000 symbols, got 2001'],
    [['--port', '0', '--symbols', 'BTCUSDT,XUSDT'], 'got XUSDT'],
    [['--port', '0', '--colour', 'red'], "unknown option '--colour'"],
  ])('refuses %j and says why', async (args, message) => {
    const { code, output } = await run(...args).ended;
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  test('names a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // a TCP server's address is never a pipe's name
    const { code, output } = await run('--port', String(port)).ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toContain(`expected port ${port} of 127.0.0.1 to be free`);
  });

  test('explains itself', async () => {
    const { code, output } = await run('--help').ended;
    expect(code).toBe(0);
    expect(output).toContain('--speed <number>');
  });
});

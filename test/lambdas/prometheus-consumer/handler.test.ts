import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/local/temporary-folder.ts';
import { endedMinute, eventOf, publishedCandle, rawRecord, recordOf } from './events.ts';
import { startReceiver } from '#test/remote-write/receiver.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Runs the handler in a process of its own, as Lambda does, and returns what it printed. */
async function runHandler(event: unknown, env: Readonly<Record<string, string>>) {
  const script = `
    const { handler } = await import('#lambdas/prometheus-consumer/handler.ts');
    const answer = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 29_999 });
    console.log(JSON.stringify({ answer }));`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
    },
  );
  // Warnings go to stderr; Lambda sends both to the same log.
  return `${stderr}${stdout}`
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

test('the handler stores, keeps aside, answers, and tells its numbers in the lines of CloudWatch', async () => {
  await using receiver = await startReceiver();
  await using folder = await temporaryFolder();
  const event = eventOf(recordOf(publishedCandle(endedMinute()), 5), rawRecord('%', 6));
  const lines = await runHandler(event, {
    REMOTE_WRITE_URL: receiver.url.href,
    REMOTE_WRITE_AUTH: 'none',
    REJECTED_FOLDER: folder.path,
    METRICS_NAMESPACE: 'crypto-market-test',
  });
  expect(receiver.stored.size).toBe(14);
  expect(await readdir(join(folder.path, 'candles-1m/0'))).toHaveLength(1);
  expect(lines.at(-1)).toEqual({ answer: { batchItemFailures: [] } });
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'batch', service: 'prometheus-consumer', records: 2, stored: 14 }),
  );
  expect(lines).toContainEqual(
    expect.objectContaining({
      _aws: expect.objectContaining({
        CloudWatchMetrics: [
          expect.objectContaining({ Namespace: 'crypto-market-test', Dimensions: [['service']] }),
        ],
      }),
      Records: 2,
      SamplesStored: 14,
    }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ reason: 'bad-base64', RecordsPoison: 1 }));
  // no payloads in the log
  expect(JSON.stringify(lines)).not.toContain('112749');
}, 30_000);

test('an event source that does not read the answer is told by an error to deliver the batch again', async () => {
  await using receiver = await startReceiver(() => ({ status: 404, body: 'no such workspace' }));
  const run = runHandler(eventOf(recordOf(publishedCandle(endedMinute()), 5)), {
    REMOTE_WRITE_URL: receiver.url.href,
    REMOTE_WRITE_AUTH: 'none',
    REJECTED_FOLDER: 'unused',
    HAND_BACK_BY: 'error',
  });
  await expect(run).rejects.toThrow(/handing 1 partitions back: 404 no such workspace/);
}, 30_000);

test('a bad variable stops the function before it takes an event, and is named', async () => {
  const run = runHandler(
    {},
    { REMOTE_WRITE_URL: 'http://127.0.0.1:1', REMOTE_WRITE_AUTH: 'magic', REJECTED_FOLDER: 'f' },
  );
  await expect(run).rejects.toThrow(/REMOTE_WRITE_AUTH: expected none or sigv4, got "magic"/);
}, 30_000);

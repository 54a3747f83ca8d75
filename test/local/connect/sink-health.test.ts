import { expect, test } from 'vitest';
import { putSink } from '#local/connect/connect-rest.ts';
import { localSink } from '#local/connect/local-sink.ts';
import { watchSink } from '#local/connect/sink-health.ts';
import { startHttpServer } from '#test/http-server.ts';

const SINK = localSink({
  epoch: 'ab12',
  warehouseUrl: 'http://127.0.0.1:1',
  privateKey: { folder: '/keys', file: 'key' },
});
const NO_BROKER = '127.0.0.1:1';
const RUNNING = { state: 'RUNNING' };

test('a task that failed is told by the first line of its trace, and started again every 10 s at most', async () => {
  const failed = { id: 0, state: 'FAILED', trace: 'java.lang.Error: out of flour\n\tat Baker.java:7' };
  await using worker = await workerSaying({ connector: RUNNING, tasks: [failed] });
  let nowMs = 1_000_000;
  const healthOf = watchSink(worker.url, NO_BROKER, () => nowMs);
  const restarts = () => worker.requests.filter((path) => path.includes('/restart?')).length;

  expect(await healthOf(SINK)).toEqual({
    kind: 'waiting',
    detail: 'task 0 failed: java.lang.Error: out of flour',
  });
  await healthOf(SINK);
  expect(restarts()).toBe(1);
  nowMs += 10_001;
  await healthOf(SINK);
  expect(restarts()).toBe(2);
  expect(worker.requests).toContain(
    '/connectors/crypto-candles-ab12/restart?includeTasks=true&onlyFailed=true',
  );
});

test.for([
  ['has no task', { connector: RUNNING, tasks: [] }, /^it has no task yet$/],
  [
    'has an idle task',
    { connector: RUNNING, tasks: [{ id: 0, state: 'UNASSIGNED' }] },
    /^task 0 is UNASSIGNED$/,
  ],
  ['is away', undefined, /^crypto-candles-ab12 is not there yet$/],
  [
    'runs while Kafka is away',
    { connector: RUNNING, tasks: [{ id: 0, ...RUNNING }] },
    /^lag unknown: .*127\.0\.0\.1:1/,
  ],
] as const)('a sink that %s is waited for, and nothing is restarted', async ([, status, detail]) => {
  await using worker = await workerSaying(status);
  expect(await watchSink(worker.url, NO_BROKER)(SINK)).toEqual({
    kind: 'waiting',
    detail: expect.stringMatching(detail),
  });
  expect(worker.requests).toEqual(['/connectors/crypto-candles-ab12/status']);
});

test("a configuration that the worker refuses is an error in the worker's words", async () => {
  await using worker = await startHttpServer((_, response) => {
    response.writeHead(400).end(JSON.stringify({ error_code: 400, message: 'no such role' }));
  });
  await expect(putSink(worker.url, SINK)).rejects.toThrow(
    'PUT /connectors/crypto-candles-ab12/config was answered with 400: no such role',
  );
});

function workerSaying(status: unknown) {
  return startHttpServer((request, response) => {
    if (request.method === 'POST') response.writeHead(202).end('{}');
    else response.writeHead(status === undefined ? 404 : 200).end(JSON.stringify(status ?? {}));
  });
}

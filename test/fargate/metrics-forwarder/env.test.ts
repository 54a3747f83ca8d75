import { expect, test } from 'vitest';
import { parseEnvironment } from '#fargate/metrics-forwarder/env.ts';

const GOOD = {
  REMOTE_WRITE_URL: 'https://aps.example/workspaces/ws-1/api/v1/remote_write',
  REMOTE_WRITE_AUTH: 'sigv4',
  AWS_REGION: 'eu-west-1',
  ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/abc',
};

test('in an ECS task nothing but the receiver has to be said', () => {
  expect(parseEnvironment(GOOD)).toMatchObject({
    metricsUrl: 'http://127.0.0.1:9464/metrics',
    intervalMs: 30_000,
    job: 'ohlc-exporter',
    task: { kind: 'ecs', metadataUrl: 'http://169.254.170.2/v4/abc' },
    auth: { kind: 'sigv4', region: 'eu-west-1' },
  });
  expect(parseEnvironment({ ...GOOD, TASK: 'one' }).task).toEqual({ kind: 'named', task: 'one' });
});

test.each([
  ['REMOTE_WRITE_URL', 'ftp://x'],
  ['METRICS_URL', 'nowhere'],
  ['SCRAPE_INTERVAL_SECONDS', '500'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => parseEnvironment({ ...GOOD, [name]: value })).toThrow(new RegExp(`^${name}: `));
});

test('without a name for the task it stops and says both ways to give one', () => {
  expect(() => parseEnvironment({ ...GOOD, ECS_CONTAINER_METADATA_URI_V4: '' })).toThrow(
    /^TASK: expected .* or ECS_CONTAINER_METADATA_URI_V4/,
  );
});

import { expect, test } from 'vitest';
import { parseEnvironment } from '#lambdas/prometheus-consumer/env.ts';

const GOOD = {
  REMOTE_WRITE_URL: 'https://aps.example/workspaces/ws-1/api/v1/remote_write',
  REMOTE_WRITE_AUTH: 'sigv4',
  AWS_REGION: 'eu-west-1',
  REJECTED_BUCKET: 'rejected',
};

test('a complete environment becomes the configuration', () => {
  expect(parseEnvironment(GOOD)).toEqual({
    remoteWriteUrl: new URL(GOOD.REMOTE_WRITE_URL),
    auth: { kind: 'sigv4', region: 'eu-west-1' },
    rejected: { kind: 'bucket', bucket: 'rejected' },
    handBackBy: 'answer',
    metricsNamespace: 'crypto-market',
  });
  expect(parseEnvironment({ ...GOOD, REJECTED_BUCKET: '', REJECTED_FOLDER: 'f' }).rejected).toEqual({
    kind: 'folder',
    folder: 'f',
  });
});

test.each([
  ['REMOTE_WRITE_URL', { REMOTE_WRITE_URL: undefined }],
  ['REMOTE_WRITE_URL', { REMOTE_WRITE_URL: 'not a url' }],
  ['REMOTE_WRITE_URL', { REMOTE_WRITE_URL: 'ftp://example' }],
  ['REMOTE_WRITE_AUTH', { REMOTE_WRITE_AUTH: '' }],
  ['REMOTE_WRITE_AUTH', { REMOTE_WRITE_AUTH: 'basic' }],
  ['AWS_REGION', { AWS_REGION: undefined }],
  ['REJECTED_BUCKET', { REJECTED_BUCKET: undefined }],
  ['REJECTED_BUCKET', { REJECTED_FOLDER: 'both' }],
])('a bad %s stops it, named (%j)', (name, change) => {
  expect(() => parseEnvironment({ ...GOOD, ...change })).toThrow(new RegExp(`^${name}: expected .*, got`));
});

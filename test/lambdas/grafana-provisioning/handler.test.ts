import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { CREATE, PHYSICAL_ID, startStand } from './stand.ts';

test('the function answers CloudFormation through the SDK, and shows the token in nothing that it writes', async () => {
  await using stand = await startStand();
  const { grafana, workspace } = stand;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', CALL, JSON.stringify(CREATE)],
    {
      cwd: join(import.meta.dirname, '../../..'),
      env: {
        PATH: process.env['PATH'],
        AWS_REGION: 'ap-northeast-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
        AWS_ENDPOINT_URL_GRAFANA: workspace.url,
        // the most talkative that the runtime can be made
        POWERTOOLS_LOG_LEVEL: 'DEBUG',
      },
    },
  );
  expect(stdout).toContain(`answer ${JSON.stringify({ PhysicalResourceId: PHYSICAL_ID })}`);
  expect(stdout).toContain('"event":"provisioned"');
  expect(grafana.dashboards.size).toBeGreaterThan(1);
  expect([workspace.lent.length, workspace.accounts.size, grafana.tokens.size]).toEqual([1, 0, 0]);
  expect(stdout + stderr).not.toContain(workspace.lent[0]);
});

const CALL = `
const { handler } = await import('#lambdas/grafana-provisioning/handler.ts');
const answer = await handler(JSON.parse(process.argv.at(-1)), { getRemainingTimeInMillis: () => 120_000 });
console.log('answer ' + JSON.stringify(answer));
`;

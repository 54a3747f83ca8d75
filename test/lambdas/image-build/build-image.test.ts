import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { buildImage } from '#lambdas/image-build/build-image.ts';
import { handler } from '#lambdas/image-build/handler.ts';
import { startHttpServer } from '#test/http-server.ts';

const LOG = 'https://console.aws.amazon.com/log';

/** CodeBuild's JSON protocol: one build, in the given states one after the other. */
async function codeBuild(states: readonly string[]) {
  const left = [...states];
  const targets: string[] = [];
  const server = await startHttpServer(({ headers }, response) => {
    const target = z.string().parse(headers['x-amz-target']).replace('CodeBuild_20161006.', '');
    targets.push(target);
    const send = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    if (target === 'StartBuild') send({ build: { id: 'market:1', buildStatus: 'IN_PROGRESS' } });
    else {
      const buildStatus = left.shift();
      const build = { id: 'market:1', buildStatus, currentPhase: 'BUILD', logs: { deepLink: LOG } };
      send({ builds: buildStatus === undefined ? [] : [build] });
    }
  });
  const client = new CodeBuildClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  return {
    client,
    targets,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('the image is there when the build is done', async () => {
  await using fake = await codeBuild(['IN_PROGRESS', 'IN_PROGRESS', 'SUCCEEDED']);
  await buildImage(fake.client, 'market', 1);
  expect(fake.targets).toEqual(['StartBuild', 'BatchGetBuilds', 'BatchGetBuilds', 'BatchGetBuilds']);
});

test.each(['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'])(
  'a build that is %s says so, and where its log is',
  async (status) => {
    await using fake = await codeBuild(['IN_PROGRESS', status]);
    await expect(buildImage(fake.client, 'market', 1)).rejects.toThrow(
      `expected the image's build market:1 to succeed, it is ${status} in BUILD: read its log, ${LOG}`,
    );
  },
);

test('a build that CodeBuild does not know is waited for no longer', async () => {
  await using fake = await codeBuild([]);
  await expect(buildImage(fake.client, 'market', 1)).rejects.toThrow(
    'expected the build market:1, CodeBuild knows of none',
  );
});

test('nothing is asked of AWS to delete it, also where it was never made', async () => {
  expect(await handler({ RequestType: 'Delete', PhysicalResourceId: 'half-made' })).toEqual({
    PhysicalResourceId: 'half-made',
  });
});

test('what lacks its project is refused before anything is built', async () => {
  await expect(handler({ RequestType: 'Create', ResourceProperties: { tag: 'abcd' } })).rejects.toThrow(
    'project',
  );
});

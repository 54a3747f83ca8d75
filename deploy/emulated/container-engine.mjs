#!/usr/bin/env node
// What the CDK calls in place of Docker: builds with the engine of this machine if it has one, and pushes a manifest
// that names the image into the emulated registry, which keeps no layers.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const [verb, ...args] = process.argv.slice(2);
const { AWS_ENDPOINT_URL, AWS_REGION, EMULATED_IMAGES } = process.env;

switch (verb) {
  case 'build':
    build();
    break;
  case 'push':
    await push(args.findLast((arg) => !arg.startsWith('-')));
    break;
  case 'inspect':
    // nothing is here from before
    process.exitCode = 1;
    break;
  case 'login':
  case 'tag':
    break;
  default:
    console.error(`expected build, push, inspect, login or tag, got ${verb}`);
    process.exitCode = 1;
}

function build() {
  const engine = ['docker', 'buildah', 'podman'].find(
    (name) => spawnSync(name, ['info'], { stdio: 'ignore' }).status === 0,
  );
  const file = join('.', valueOf('--file') ?? valueOf('-f') ?? 'Dockerfile');
  if (!existsSync(file)) throw new Error(`expected ${file} in ${process.cwd()}, got none`);
  note(engine === undefined ? 'not built: no engine here' : `built by ${engine}`, file);
  if (engine !== undefined)
    process.exitCode = spawnSync(engine, ['build', ...args], { stdio: 'inherit' }).status ?? 1;
}

/** @param {string | undefined} image registry/repository:tag */
async function push(image = '') {
  const [, repositoryName, imageTag] = /^[^/]+\/([^:]+):(.+)$/.exec(image) ?? [];
  const layer = createHash('sha256').update(image).digest('hex');
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: 2,
      digest: `sha256:${layer}`,
    },
    layers: [],
  });
  const answer = await fetch(AWS_ENDPOINT_URL ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.PutImage',
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${AWS_REGION}/ecr/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify({ repositoryName, imageTag, imageManifest }),
  });
  if (!answer.ok)
    throw new Error(`expected ${image} to be taken, got ${answer.status}: ${await answer.text()}`);
}

function valueOf(option) {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

function note(what, file) {
  if (EMULATED_IMAGES) appendFileSync(EMULATED_IMAGES, `${what}: ${file}\n`);
}
